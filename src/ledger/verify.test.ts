import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as verify from "./verify.ts";

const folder = dirname(fileURLToPath(import.meta.url));

/** Everything a file imports, followed through all files it reaches. */
function importsOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  for (const [, type, name = ""] of text.matchAll(/(?:^|\n)(?:import|export)( type)?\b[^;]*?from "([^"]+)";/g)) {
    if (name.startsWith(".")) importsOf(resolve(dirname(file), name), seen);
    // A type of Node's is gone when the program runs.
    else if (type === undefined || !name.startsWith("node:")) seen.add(name);
  }
  if (/\bimport\(|\brequire\(|(?:^|\n)import "/.test(text)) seen.add(`something unseen by ${relative(folder, file)}`);
  return seen;
}

describe("bursar/verify", () => {
  it("imports nothing outside the ledger but Node's own modules", () => {
    const imports = [...importsOf(join(folder, "verify-thread.ts"), importsOf(join(folder, "verify.ts")))];
    const outside = imports.filter((name) => !name.startsWith(`${folder}/`) && !name.startsWith("node:"));
    expect(outside).toEqual([]);
    expect(imports.length).toBeGreaterThan(20);
    expect(imports.filter((name) => name.startsWith("node:")).sort()).toEqual([
      "node:buffer",
      "node:crypto",
      "node:fs",
      "node:fs/promises",
      "node:os",
      "node:path",
      "node:worker_threads",
    ]);
  });

  it("offers what a stranger needs", () => {
    const wanted = [
      "openNote",
      "parseCheckpoint",
      "verifyConsistency",
      "verifyExport",
      "verifyInclusion",
      "verifyTlogProof",
    ];
    expect(Object.keys(verify)).toEqual(expect.arrayContaining(wanted));
  });
});
