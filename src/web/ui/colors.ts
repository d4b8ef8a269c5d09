/** Families and tools stand for something on every page: their colours are fixed, not drawn. */
const FIXED: Readonly<Record<string, string>> = {
  opus: "var(--c-1)",
  sonnet: "var(--c-2)",
  haiku: "var(--c-3)",
  fable: "var(--c-4)",
  mythos: "var(--c-6)",
  edit_tool: "var(--c-1)",
  multi_edit_tool: "var(--c-7)",
  write_tool: "var(--c-2)",
  notebook_edit_tool: "var(--c-4)",
  humans: "var(--c-1)",
  service: "var(--c-4)",
  estimated: "var(--c-1)",
  list: "var(--c-7)",
  net: "var(--c-3)",
  notional: "var(--c-4)",
  accepted: "var(--c-1)",
  rejected: "var(--c-2)",
  other: "var(--c-other)",
  unmapped: "var(--c-unmapped)",
};

const COLORS = 9;

/** The rest of a chart that shows only its largest series. */
export const OTHER = "other";

/** What has no name: the default workspace, nobody's key. */
export const NOBODY = "null";

/**
 * A colour for each name. A name has the same one on every page; only where two of one chart would share it does the
 * later in the alphabet take the next.
 */
export function colorsOf(names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of names) {
    const fixed = fixedColor(name);
    if (fixed === null) continue;
    found.set(name, fixed);
    taken.add(fixed);
  }
  for (const name of names.filter((name) => !found.has(name)).sort()) {
    const first = hash(name) % COLORS;
    const order = Array.from({ length: COLORS }, (_, at) => `var(--c-${((first + at) % COLORS) + 1})`);
    const color = order.find((one) => !taken.has(one)) ?? order[0]!;
    found.set(name, color);
    taken.add(color);
  }
  return found;
}

function fixedColor(name: string): string | null {
  if (name === NOBODY) return "var(--c-unmapped)";
  return FIXED[name] ?? null;
}

/** FNV-1a: short, and the same in every browser. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ letter.codePointAt(0)!, 0x01000193) >>> 0;
  return value;
}
