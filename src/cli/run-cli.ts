import { CommanderError, Command as Parser, Option } from "commander";

import { commands } from "./commands/index.ts";
import type { Command, Described, Globals, SettingFlag, World } from "./command.ts";
import { OutputClosed } from "./io.ts";
import { Options } from "./options.ts";
import { noSubcommand, unknownCommand, usageFailure } from "./usage-failure.ts";
import { tellFailure } from "./problem.ts";

const SETTINGS: readonly (readonly [SettingFlag, string, string])[] = [
  ["data", "--data <folder>", "folder of the data (BURSAR_DATA; ./bursar-data)"],
  ["databaseUrl", "--database-url <url>", "PostgreSQL instead of the folder's own database (BURSAR_DATABASE_URL)"],
  ["kekFile", "--kek-file <file>", "file with the key-encryption key (BURSAR_KEK_FILE)"],
  ["upstream", "--upstream <url>", "another base URL than https://api.anthropic.com (BURSAR_UPSTREAM)"],
  ["listen", "--listen <address>", "address of serve and demo, 127.0.0.1:7878 by default (BURSAR_LISTEN)"],
  ["config", "--config <file>", "settings file (./bursar.config.json)"],
];

/**
 * Runs one command line and gives its exit code: 0 complete, 1 a verification that failed, 2 usage, 3 partial,
 * 4 credential, 5 local fault.
 */
export async function runCli(argv: readonly string[], world: World, signal: AbortSignal): Promise<number> {
  const { io } = world;
  const asked = { json: argv.includes("--json"), verbose: argv.includes("--verbose") };
  let exit = 0;
  // Commander does not wait for what it writes, so it is waited for at the end.
  let help = Promise.resolve();
  const later = (text: string): void => {
    help = help.then(() => io.out(text));
    help.catch(() => {});
  };
  try {
    const root = program({ world, signal, later }, (code) => {
      exit = code;
    });
    await root.parseAsync(withoutHelpCommand(argv), { from: "user" }).catch((thrown: unknown) => {
      // Help and version end the parse in the same way as a mistake does.
      if (!(thrown instanceof CommanderError)) throw thrown;
      if (thrown.exitCode !== 0) throw usageFailure(thrown, argv);
    });
    await help;
    return exit;
  } catch (thrown) {
    if (thrown instanceof OutputClosed) return exit;
    return tellFailure(thrown, io, asked);
  }
}

interface Surrounding {
  readonly world: World;
  readonly signal: AbortSignal;
  /** Writes help. */
  readonly later: (text: string) => void;
}

/** `help people` as `people --help`: commander's own knows only those commands whose files are loaded. */
function withoutHelpCommand(argv: readonly string[]): string[] {
  const [first, asked, ...rest] = argv;
  if (first !== "help" || asked === undefined || asked.startsWith("-")) return [...argv];
  if (asked !== "help" && !commands.some(({ name }) => name === asked)) throw unknownCommand(asked);
  return asked === "help" ? ["--help"] : [asked, ...rest, "--help"];
}

function program({ world, signal, later }: Surrounding, done: (exit: number) => void): Parser {
  const { io } = world;
  const root = new Parser("bursar")
    .description("The self-hosted system of record for an organization's Claude usage.")
    .version(world.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help")
    .option("--tenant <name>", "tenant to work on (default)")
    .option("--json", "print the answer, and problems, as JSON")
    .option("-v, --verbose", "show each upstream call on stderr")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, helpWidth: io.columns() })
    .configureOutput({
      writeOut: later,
      // What commander would say is said by `usageFailure` in the words of a failure.
      writeErr: () => {},
      getOutHasColors: () => io.color,
      getOutHelpWidth: () => io.columns(),
      getErrHelpWidth: () => io.columns(),
    })
    .addHelpText("after", ROOT_EXAMPLES)
    .allowExcessArguments()
    .action(() => {
      const [unknown] = root.args;
      if (unknown !== undefined) throw unknownCommand(unknown);
      root.outputHelp();
    });
  for (const [, syntax, says] of SETTINGS) root.addOption(new Option(syntax, says));

  const loads = new Map<string, () => Promise<void>>();
  for (const { name, summary, load } of commands) {
    const parser = root.command(name).summary(summary).description(sentence(summary));
    loads.set(name, async () => describeCommand(parser, await load(), name));
  }
  root.hook("preSubcommand", (_, chosen) => loads.get(chosen.name())?.());
  return root;

  function describeCommand(parser: Parser, command: Command, path: string): void {
    // The root takes any, to say itself that a command is unknown; its commands do not.
    parser.allowExcessArguments(false);
    for (const [syntax, says] of command.args ?? []) parser.argument(syntax, says);
    for (const option of command.options ?? []) parser.addOption(optionOf(option));
    const examples = command.examples.map((example) => `  $ ${example}`).join("\n");
    parser.addHelpText("after", `\nExamples:\n${examples}`);
    for (const [name, sub] of Object.entries(command.subcommands ?? {})) {
      const child = parser.command(name).summary(sub.summary).description(sentence(sub.summary));
      describeCommand(child, sub, `${path} ${name}`);
    }
    const { run } = command;
    if (run === undefined) {
      parser.allowExcessArguments(true);
      parser.action(() => {
        throw noSubcommand(path, parser.args[0], Object.keys(command.subcommands ?? {}));
      });
      return;
    }
    parser.action(async () => {
      const code = await run({
        world,
        io,
        globals: globalsOf(root.opts()),
        options: new Options(parser.opts()),
        args: parser.args,
        signal,
      });
      done(code ?? 0);
    });
  }
}

function optionOf([syntax, says]: Described): Option {
  const repeated = syntax.endsWith("...");
  const option = new Option(repeated ? syntax.slice(0, -3) : syntax, repeated ? `${says}; may be repeated` : says);
  if (repeated) {
    // One value each time it is given: a variadic option would swallow the arguments after it.
    option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  }
  return option;
}

function globalsOf(values: Record<string, unknown>): Globals {
  const settings: Partial<Record<SettingFlag, string>> = {};
  for (const [name] of SETTINGS) {
    const value = values[name];
    if (typeof value === "string") settings[name] = value;
  }
  const { tenant } = values as { tenant?: unknown };
  return {
    json: values["json"] === true,
    verbose: values["verbose"] === true,
    settings,
    ...(typeof tenant === "string" ? { tenant } : {}),
  };
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

const ROOT_EXAMPLES = `
Examples:
  $ bursar demo                              an invented organization, synced and served
  $ bursar connect --name main               paste an Admin key, see what it can read
  $ bursar backfill --all                    read the whole past
  $ bursar report cost --by model --grain week
  $ bursar verify                            check every byte of the ledger

Exit codes: 0 complete, 1 a verification failed, 2 usage, 3 partial, 4 credential, 5 local fault.`;
