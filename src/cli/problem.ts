import { Failure, scrub } from "../domain/index.ts";
import type { Io } from "./io.ts";

/** What `--json` writes to stderr when something failed; the API's problem has the same members. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly hint: string;
}

/**
 * Tells what was thrown and gives the exit code. A failure is told in its own words; anything else is a bug of ours.
 */
export function tellFailure(thrown: unknown, io: Io, options: { json: boolean; verbose: boolean }): number {
  const problem = problemOf(thrown);
  if (options.json) io.err(`${JSON.stringify(problem)}\n`);
  else io.err(`bursar: ${problem.message}${problem.hint === "" ? "" : ` ${problem.hint}`}\n`);
  if (options.verbose && thrown instanceof Error && !(thrown instanceof Failure))
    io.err(`${scrub(thrown.stack ?? "")}\n`);
  return thrown instanceof Failure ? thrown.exit : 5;
}

export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Failure) {
    const { field } = thrown.facts;
    const named = typeof field === "string" ? { field: scrub(field) } : {};
    return { code: thrown.code, message: scrub(thrown.message), ...named, hint: scrub(thrown.hint) };
  }
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: "bug",
    message: `Something went wrong that should not: ${scrub(what).split("\n", 1)[0]}.`,
    hint: "Run it again with --verbose and report what it prints.",
  };
}
