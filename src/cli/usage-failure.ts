import type { CommanderError } from "commander";

import { Failure } from "../domain/index.ts";

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
      return invalid(word(quoted), "is no command", remedy);
    case "commander.excessArguments":
      return invalid("arguments", "there are more of them than this command takes", excessRemedy(argv, help));
    default:
      return invalid("arguments", "cannot be understood", help);
  }
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

function word(text: string): string {
  return /^[a-z][a-z-]{0,20}$/i.test(text) ? text : "command";
}

function helpFor(argv: readonly string[]): string {
  const name = argv.find((argument) => /^[a-z]+$/.test(argument));
  return `Run bursar ${name === undefined ? "" : `${name} `}--help.`;
}
