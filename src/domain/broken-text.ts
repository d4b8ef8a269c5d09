import { Failure } from "./failure.ts";

/**
 * Refuses a value in which a text is none: with a zero character, which PostgreSQL cannot keep, or with half of a
 * surrogate pair, which UTF-8 has no bytes for. Either would be another text once it is kept.
 *
 * @throws Failure `input.invalid` naming the member as `person.emails.0`; of a member's own name the object that holds it.
 */
export function refuseBrokenText(input: unknown): void {
  // Not by recursion: what is nested too deeply for the stack is an input as well.
  const open: (readonly [path: string, value: unknown])[] = [["", input]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [path, value] = next;
    if (typeof value === "string" && isBroken(value)) throw broken(path);
    if (typeof value !== "object" || value === null) continue;
    for (const [name, member] of Object.entries(value)) {
      if (isBroken(name)) throw broken(path);
      open.push([path === "" ? name : `${path}.${name}`, member]);
    }
  }
}

function isBroken(text: string): boolean {
  return text.includes("\0") || !text.isWellFormed();
}

function broken(path: string): Failure {
  const problem = "holds a character that no text has (zero, or half of a pair)";
  return new Failure("input.invalid", { field: path || "input", problem, remedy: "Leave it out." });
}
