import { scrub, shown } from "../domain/index.ts";

const MOST_STRING = 1_000;
const MOST_TEXT = 8_000;

/**
 * An answer as a model may read it: what cannot be seen is spelled out, keys are removed, strings are cut at 1,000
 * characters. Only members that a tool names as verbatim pass as they are.
 */
export function safeData(value: unknown, verbatim: ReadonlySet<string> = new Set()): unknown {
  if (typeof value === "string") return shown(scrub(value), MOST_STRING);
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map((one) => safeData(one, verbatim));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.map(([name, member]) => [
      shown(name),
      typeof member === "string" && verbatim.has(name) ? member : safeData(member, verbatim),
    ]),
  );
}

/** The same of a text of several lines, cut at 8,000 characters. */
export function safeText(text: string): string {
  const lines = text.split("\n").map((line) => shown(scrub(line), MOST_STRING));
  const whole = lines.join("\n");
  return whole.length > MOST_TEXT ? `${whole.slice(0, MOST_TEXT).toWellFormed()}…` : whole;
}
