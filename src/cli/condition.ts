import { Failure } from "../domain/index.ts";

/** `DIMENSION=VALUE` of a `--where`; the value `null` is the missing one. */
export function conditionOf(text: string): { dimension: string; value: string | null } {
  const equals = text.indexOf("=");
  if (equals < 1) {
    throw new Failure("input.invalid", {
      field: "--where",
      problem: "is not DIMENSION=VALUE",
      remedy: "Write for example --where model=claude-opus-4-5.",
    });
  }
  const value = text.slice(equals + 1);
  return { dimension: text.slice(0, equals), value: value === "null" ? null : value };
}
