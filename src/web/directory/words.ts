/** `claude_code_user` as `Claude code user`. */
export function sentenceCase(text: string): string {
  const words = text.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
