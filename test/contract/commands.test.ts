import { describe, expect, it } from "vitest";

import { runCli, type Command } from "../../src/cli/index.ts";
import { commands } from "../../src/cli/commands/index.ts";
import { closedWorld } from "../support/closed-world.ts";

const loaded = await Promise.all(commands.map(async ({ name, load }) => ({ path: [name], command: await load() })));
const all = loaded.flatMap(({ path, command }) => [
  { path, command },
  ...Object.entries(command.subcommands ?? {}).map(([name, sub]) => ({ path: [...path, name], command: sub })),
]);

/** Those of every command. */
const GLOBAL = [
  "--help",
  "--json",
  "--tenant",
  "--verbose",
  "--data",
  "--database-url",
  "--kek-file",
  "--upstream",
  "--listen",
  "--config",
];

/** Runs a command line in this process; there is no record to open. */
async function said(argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const io = {
    out: async (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    stdin: process.stdin,
    env: {},
    canRedraw: false,
    color: false,
    columns: () => 100,
  };
  const code = await runCli(argv, closedWorld(io), new AbortController().signal);
  return { code, out, err };
}

describe.each(all.map(({ path, command }) => [path.join(" "), command] as const))("bursar %s", (name, command) => {
  it("says in its help what it does, what it takes, and how to get JSON", async () => {
    const { code, out, err } = await said([...name.split(" "), "--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(new RegExp(`^Usage: bursar ${name}\\b`));
    expect(out).toMatch(/\n\n[A-Z][^\n]*\.\n/);
    for (const flag of [...flagsOf(command), ...GLOBAL]) expect(out).toContain(flag);
    for (const [argument] of command.args ?? []) expect(out).toContain(argument.replaceAll(/[<>[\].]/g, ""));
    expect(
      out
        .trimEnd()
        .split("\n")
        .every((line) => line.trimEnd() === line),
    ).toBe(true);
  });

  it("gives examples, of itself among them, with options that there are", () => {
    expect(command.examples.some((example) => example.includes(`bursar ${name}`))).toBe(true);
    for (const example of command.examples) {
      // Other programs are told the file, not the name.
      const called = example.replace("bursar.js ", "bursar ");
      const named = all.findLast(({ path }) => called.includes(`bursar ${path.join(" ")}`));
      const known = [...GLOBAL, ...flagsOf(named!.command)];
      const used = [...example.matchAll(/\s(--[a-z][a-z-]*)/g)].map(([, flag]) => flag!);
      expect(used.filter((flag) => !known.includes(flag))).toEqual([]);
    }
  });

  it("describes every argument and option", () => {
    for (const [syntax, says] of [...(command.args ?? []), ...(command.options ?? [])]) {
      expect(syntax).toMatch(/^(?:--[a-z][a-z-]*(?: <[a-z=-]+>)?|<[a-z]+>|\[[a-z]+)/);
      expect(says.length, syntax).toBeGreaterThan(2);
    }
  });

  it("runs, or has subcommands that do", () => {
    expect(command.run === undefined).toBe(command.subcommands !== undefined);
  });
});

it("refuses a wrong option of every command in one line", async () => {
  for (const { path } of all) {
    const { code, out, err } = await said([...path, "--no-such-option"]);
    expect({ path, code, out }).toEqual({ path, code: 2, out: "" });
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  }
});

function flagsOf({ options = [] }: Command): string[] {
  return options.map(([syntax]) => syntax.split(/[ .]/)[0]!);
}

describe("a word that is no command", () => {
  it.each([
    [["help", "nope"], "nope: is no command. Run bursar --help."],
    [["help", "reprot"], "reprot: is no command. Did you mean report? Run bursar --help."],
    [["tenant", "nope"], "nope: is no subcommand of tenant. Choose one of: add, list."],
    [["tenant"], "tenant: needs a subcommand. Choose one of: add, list."],
  ])("%s: exit 2 and a sentence about it", async (argv, sentence) => {
    expect(await said(argv)).toEqual({ code: 2, out: "", err: `bursar: ${sentence}\n` });
  });
});

describe("help", () => {
  it("of a group by the help command lists its subcommands", async () => {
    const { code, out } = await said(["help", "people"]);
    expect(code).toBe(0);
    expect(out).toBe((await said(["people", "--help"])).out);
    expect(out).toContain("owner");
  });

  it("names what a report can be split by, and all faults can be listed", async () => {
    expect((await said(["report", "--help"])).out).toMatch(/split by [\s\S]*workspace/);
    const { code, out } = await said(["emulate", "--fault", "list"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^F01 +rate-limited +429/m);
  });
});
