import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Files below a folder of the repository, as paths from its root with forward slashes. */
export function filesBelow(folder: string, ending: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** What git holds, but for what the working tree has lost: nothing of this machine, nothing made. */
export function trackedFiles(): string[] {
  return execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" })
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(ROOT, path)));
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

export interface Import {
  /** As written: `../domain/index.ts`, `node:fs`, `zod`. */
  readonly specifier: string;
  /** Path from the root of the repository when it is a file of ours. */
  readonly target: string | null;
}

/**
 * Everything a file imports: `import … from`, `export … from`, bare imports, `import()` and `import("…").Type`.
 *
 * By pattern, since the compiler in use has no API for it: the formatter puts every statement at the start of a line.
 */
export function importsOf(path: string, text: string = textOf(path)): Import[] {
  const code = text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, "");
  const statements = code.matchAll(/^(?:import|export)\s(?:type\s)?(?:[\w$*\s{},]*?\sfrom\s)?\s*"([^"\n]+)"/gm);
  const calls = code.matchAll(/\bimport\(\s*["'`]([^"'`\n]+)["'`]/g);
  return [...statements, ...calls].map(([, specifier = ""]) => ({
    specifier,
    target: specifier.startsWith(".")
      ? relative(ROOT, resolve(ROOT, dirname(path), specifier))
          .split(sep)
          .join("/")
      : null,
  }));
}
