import { Failure } from "../domain/index.ts";
import type { Io } from "./io.ts";
import { prompted } from "./prompted.ts";

const YES = "yes";

/**
 * Asks whoever sits at the terminal, who has just been shown what it is about. Anything but `yes` is no.
 *
 * @throws Failure `input.invalid` where nobody sits at one: a program that pipes an answer in is no person;
 * `app.prompt_left`
 */
export async function askPerson({ stdin, err }: Io, message: string): Promise<boolean> {
  if (!stdin.isTTY)
    throw new Failure("input.invalid", {
      field: "stdin",
      problem: "is no terminal, and only a person can answer this",
      remedy: "Run it on a terminal, or decide on the dashboard.",
    });
  const { text } = await import("@clack/prompts");
  const answer = await prompted(stdin, (signal) =>
    text({ message: `${message} Type ${YES} to approve exactly this.`, input: stdin, output: process.stderr, signal }),
  );
  if (answer.trim().toLowerCase() === YES) return true;
  err("bursar: not approved; nothing was changed\n");
  return false;
}
