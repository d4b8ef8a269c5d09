import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import { describe, expect, it } from "vitest";

import type { Command } from "../src/cli/command.ts";
import { commands } from "../src/cli/commands/index.ts";
import { filesBelow, ROOT, textOf, trackedFiles } from "./repository/files.ts";

const documents = trackedFiles().filter((path) => path.endsWith(".md"));
const manifest: { scripts: Record<string, string> } = JSON.parse(textOf("package.json"));
const names = new Set(commands.map(({ name }) => name));

/** Those of every command; `src/cli/run-cli.ts`. */
const GLOBAL_FLAGS = [...textOf("src/cli/run-cli.ts").matchAll(/"(?:-\w, )?(--[a-z-]+)/g)].flatMap(
  ([, flag]) => flag ?? [],
);

describe("the documents", () => {
  it.each(documents)("%s links to nothing that is missing", (path) => {
    const missing = linksOf(textOf(path)).filter((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : join(dirname(path), file);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && target.endsWith(".md") && !anchorsOf(textOf(target)).includes(anchor);
    });
    expect(missing).toEqual([]);
  });

  it("name scripts that package.json has", () => {
    const wrong = documents.flatMap((path) =>
      [...textOf(path).matchAll(/\bnpm run (?:--silent )?([\w:]+)/g)]
        .flatMap(([, name]) => name ?? [])
        .filter((name) => !(name in manifest.scripts))
        .map((name) => `${path}: npm run ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it("name commands that the command line has", () => {
    const texts = [...documents, ...filesBelow("src/domain/failures", ".ts")].map(
      (path) => [path, textOf(path)] as const,
    );
    const wrong = texts.flatMap(([path, text]) =>
      commandsIn(text, path.endsWith(".ts"))
        .filter((name) => !names.has(name))
        .map((name) => `${path}: bursar ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it("call commands with options that these have", async () => {
    const known = new Map<string, Set<string>>();
    for (const { name, load } of commands.filter((line) => !line.summary.includes("later version"))) {
      known.set(name, new Set([...GLOBAL_FLAGS, ...flagsOf(await load())]));
    }
    const wrong = documents.flatMap((path) =>
      callsIn(textOf(path)).flatMap(({ name, flags }) =>
        flags.filter((flag) => known.get(name)?.has(flag) === false).map((flag) => `${path}: bursar ${name} ${flag}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it("send nobody to what a registry has under our name, where we do not publish", () => {
    const texts = [...documents, ...filesBelow("src", ".ts"), ...filesBelow("src", ".tsx")];
    expect(texts.filter((path) => /\b(?:npx|npm (?:i|install|exec)) (?:-\S+ )*bursar\b/.test(textOf(path)))).toEqual(
      [],
    );
  });

  it("name files that are there", () => {
    // Whole paths in code spans; a path with a capital part (NAME.ts) is an example.
    const wrong = documents.flatMap((path) =>
      [...textOf(path).matchAll(/`((?:src|test|docs|scripts|bench)\/[a-z0-9_./-]+\.[a-z]+)`/g)]
        .flatMap(([, file]) => file ?? [])
        .filter((file) => !existsSync(join(ROOT, file)))
        .map((file) => `${path}: ${file}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe("the configuration page", () => {
  it("names every variable and every member of the settings file", () => {
    const page = textOf("docs/configuration.md");
    const variables = filesBelow("src", ".ts").flatMap((path) => textOf(path).match(/\bBURSAR_[A-Z_]+\b/g) ?? []);
    const members = [...textOf("src/app/config.ts").matchAll(/member: "(\w+)"/g)].flatMap(([, name]) => name ?? []);
    expect([...new Set([...variables, ...members])].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    expect(members).not.toEqual([]);
  });
});

describe("the README", () => {
  it("shows every command that this version has", () => {
    const shown = new Set(commandsIn(textOf("README.md"), false));
    const here = commands.filter(({ summary }) => !summary.includes("later version"));
    expect(here.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  });
});

/** Targets of Markdown links, without those that leave the repository. */
function linksOf(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, "").replace(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .flatMap(([, link]) => link ?? [])
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** The anchors a page offers: its headings, as Markdown hosts spell them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** First words after `bursar` in code spans and blocks, or anywhere in a source's hints. */
function commandsIn(text: string, isSource: boolean): string[] {
  const pattern = isSource ? /\b[Rr]un bursar ([a-z-]+)/g : /(?:^|`|\$ |-- )(?:npx )?bursar ([a-z][a-z-]*)/gm;
  return [...text.matchAll(pattern)].flatMap(([, name]) => name ?? []);
}

/** Calls with their long options, in code spans and blocks. */
function callsIn(text: string): { name: string; flags: string[] }[] {
  return [...text.matchAll(/(?:^|`|\$ |-- )(?:npx )?bursar ([a-z][a-z-]*)([^`\n#]*)/gm)].map(
    ([, name = "", rest = ""]) => ({ name, flags: rest.match(/(?<!\S)--[a-z][a-z-]*/g) ?? [] }),
  );
}

/** Of a command and of what stands under it. */
function flagsOf(command: Command): string[] {
  const own = (command.options ?? []).flatMap(([syntax]) => syntax.match(/--[a-z][a-z-]*/g) ?? []);
  return [...own, "--help", ...Object.values(command.subcommands ?? {}).flatMap(flagsOf)];
}
