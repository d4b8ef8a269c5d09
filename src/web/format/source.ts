/** What the streams that figures were read from are called: `Claude Code, API keys`. */
export function sourceNames(streams: readonly string[]): string {
  const names = streams.map((stream) =>
    stream
      .replaceAll("_", " ")
      .replace(/^claude code\b/, "Claude Code")
      .replace(/^api\b/, "API"),
  );
  return names.join(", ").replace(/^./, (first) => first.toUpperCase());
}
