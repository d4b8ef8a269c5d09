import type { CommanderError } from "commander";

import { Failure } from "../domain/index.ts";
import { commands } from "./commands/index.ts";

/**
 * A mistake on the command line as a failure that names the option.
 *
 * Values are never repeated: somebody may have typed a key where none belongs.
 */
export function usageFailure(error: CommanderError, argv: readonly string[]): Failure {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  const suggestion = /\(Did you mean (.*)\?\)/.exec(error.message)?.[1];
  const help = helpFor(argv);
  const remedy = suggestion === undefined ? help : `Did you mean ${suggestion}? ${help}`;
  switch (error.code) {
    case "commander.unknownOption":
      return invalid(withoutValue(quoted), "is no option of this command", remedy);
    case "commander.optionMissingArgument":
      return invalid(withoutValue(quoted), "needs a value", help);
    case "commander.missingArgument":
      return invalid(quoted, "is missing", help);
    case "commander.unknownCommand":
      return unknownCommand(quoted);
    case "commander.excessArguments":
      return invalid("arguments", "there are more of them than this command takes", excessRemedy(argv, help));
    default:
      return invalid("arguments", "cannot be understood", help);
  }
}

/** Names the command that comes nearest; what is no plain word is not repeated. */
export function unknownCommand(text: string): Failure {
  const plain = plainWord(text);
  const near = commands
    .map(({ name }) => ({ name, distance: distance(plain.toLowerCase(), name) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .toSorted((a, b) => a.distance - b.distance)[0];
  const suggestion = near === undefined ? "" : `Did you mean ${near.name}? `;
  return invalid(plain === "" ? "command" : plain, "is no command", `${suggestion}Run bursar --help.`);
}

/** A group of commands was called by itself, or with a word that is none of its commands. */
export function noSubcommand(group: string, text: string | undefined, choices: readonly string[]): Failure {
  const remedy = `Choose one of: ${choices.join(", ")}.`;
  if (text === undefined) return invalid(group, "needs a subcommand", remedy);
  const plain = plainWord(text);
  return invalid(plain === "" ? "subcommand" : plain, `is no subcommand of ${group}`, remedy);
}

/** What cannot be a secret. */
function plainWord(text: string): string {
  return /^[a-z][a-z-]{0,20}$/i.test(text) ? text : "";
}

/** Letters to add, drop or exchange to get from one word to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of Array.from(from).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(to).entries()) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length]!;
}

function invalid(field: string, problem: string, remedy: string): Failure {
  return new Failure("input.invalid", { field, problem, remedy });
}

function excessRemedy(argv: readonly string[], help: string): string {
  if (!argv.includes("connect")) return help;
  return "A key is never an argument, where every user of the machine could read it: paste it at the prompt, or use --key-file or stdin.";
}

/** `--key=secret` is told as `--key`, and what is no name of an option is not told at all. */
function withoutValue(option: string): string {
  return /^--?[a-zA-Z][a-zA-Z0-9-]{0,30}(?=$|[\s=,])/.exec(option)?.[0] ?? "option";
}

function helpFor(argv: readonly string[]): string {
  const name = argv.find((argument) => /^[a-z]+$/.test(argument));
  return `Run bursar ${name === undefined ? "" : `${name} `}--help.`;
}
