/** `workspace_admin` as `Workspace admin`; a name stays one: `Claude Code user`. */
export function sentenceCase(text: string): string {
  const words = text.replaceAll("_", " ").replace(/^claude code\b/, "Claude Code");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
