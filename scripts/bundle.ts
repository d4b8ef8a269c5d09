import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";

import type { Metafile } from "esbuild";

import { ROOT } from "./process.ts";

/**
 * Puts the program and what it imports at every start into a few files: reading hundreds of small ones is most of what
 * a short command costs. What only a server or a prompt needs stays a package of its own.
 */
export async function bundleProgram(target: string): Promise<void> {
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    write: false,
    metafile: true,
    entryPoints: {
      main: join(target, "app", "main.js"),
      // Started by their names, as threads.
      "verify-thread": join(target, "ledger", "verify-thread.js"),
      "past-thread": join(target, "metrics", "past", "past-thread.js"),
    },
    outdir: join(target, "bundle"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    external: [
      "undici",
      "pg",
      "pino",
      "hono",
      "@hono/*",
      "@clack/prompts",
      "@node-rs/argon2",
      "openid-client",
      "prom-client",
    ],
    plugins: [
      {
        // A module of ours only says what it exports. So a command that takes one thing out of a room's index carries
        // that thing, and not the room.
        name: "own-modules",
        setup: ({ onResolve }) =>
          onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) =>
            resolveDir.startsWith(`${target}${sep}`) ? { path: join(resolveDir, path), sideEffects: false } : undefined,
          ),
      },
      {
        // Half of zod is messages in forty languages, of which it takes English by itself and we no other.
        name: "no-locales",
        setup: ({ onLoad }) =>
          onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
            contents: 'export { default as en } from "./en.js";',
          })),
      },
    ],
    // Every process reads the text that it starts with, and keeps it. Names stay, and lines, so that a stack says where.
    minifyWhitespace: true,
    lineLimit: 120,
    // Packages in the older module format ask for Node's modules through `require`.
    banner: {
      js: 'import { createRequire as requireFor } from "node:module"; const require = requireFor(import.meta.url);',
    },
    legalComments: "linked",
    logLevel: "error",
  });
  await mkdir(join(target, "bundle"), { recursive: true });
  const silent = silentChunks(metafile, target);
  for (const { path, text } of outputFiles)
    await writeFile(path, path.endsWith(".js") ? inLatin(withoutIdleImports(text, silent)) : text);
}

/** Chunks whose modules all promise to do nothing when they are imported: ours, and packages that say so. */
function silentChunks({ outputs }: Metafile, target: string): ReadonlySet<string> {
  const isSilent = (input: string) => {
    const path = resolve(ROOT, input);
    return path.startsWith(`${target}${sep}`) || manifestOf(path)["sideEffects"] === false;
  };
  const silent = Object.entries(outputs).filter(([, { inputs }]) => Object.keys(inputs).every(isSilent));
  return new Set(silent.map(([path]) => basename(path)));
}

/** The `package.json` above a file that has a name: folders of a package hold further ones that only say its format. */
function manifestOf(path: string): Readonly<Record<string, unknown>> {
  const folder = dirname(path);
  if (folder === path) return {};
  const file = join(folder, "package.json");
  const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>) : {};
  return "name" in manifest ? manifest : manifestOf(folder);
}

/**
 * Leaves out the imports that take nothing. esbuild writes them to keep the order in which modules have their effects;
 * where there are none, all they do is make a command load, for each of its files, most of the program.
 */
function withoutIdleImports(program: string, silent: ReadonlySet<string>): string {
  return program.replace(/(?<=^|;|\n)import"\.\/([\w-]+\.js)";/g, (statement, chunk) =>
    silent.has(chunk) ? "" : statement,
  );
}

/**
 * A single letter beyond Latin 1 makes a process hold all of a file in two bytes a letter. esbuild spells those of texts
 * with their numbers, which leaves the ones in regular expressions.
 */
function inLatin(program: string): string {
  return program.replace(/[^\0-\xff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
