import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { bundleProgram } from "./bundle.ts";
import { captureTool, ROOT } from "./process.ts";
import type { Outcome } from "./process.ts";

const STAMP = join(ROOT, "node_modules", ".cache", "bursar-build");
const DIST = join(ROOT, "dist");

/**
 * Compiles src into dist when the sources are not those dist was made from.
 *
 * The new dist is made beside the old one and moved in when it is whole, so a program that runs from it never sees half.
 */
export async function ensureBuilt(): Promise<Outcome & { built: boolean }> {
  const sources = await sourceDigest();
  const made = existsSync(STAMP) && existsSync(DIST) ? await readFile(STAMP, "utf8") : null;
  if (made === sources) return { code: 0, output: "", built: false };
  const outcome = await compile();
  if (outcome.code === 0) {
    await mkdir(dirname(STAMP), { recursive: true });
    await writeFile(STAMP, sources);
  }
  return { ...outcome, built: outcome.code === 0 };
}

async function compile(): Promise<Outcome> {
  const fresh = join(ROOT, "node_modules", ".cache", `dist-${process.pid}`);
  await rm(fresh, { recursive: true, force: true });
  // Whether the types hold is a step of the check, which reads the tests with them.
  const compiling = captureTool("tsc", ["-p", "tsconfig.build.json", "--noCheck", "--outDir", fresh]);
  const [outcome] = await Promise.all([compiling, buildDashboard(join(fresh, "web"))]);
  if (outcome.code === 0) {
    await copyOtherFiles(fresh);
    await bundleProgram(fresh);
    await writeToolList(fresh);
    await rm(DIST, { recursive: true, force: true });
    await rename(fresh, DIST);
    const bin = join(ROOT, "bin", "bursar.js");
    if (existsSync(bin)) await chmod(bin, 0o755);
  }
  await rm(fresh, { recursive: true, force: true });
  return outcome;
}

/** What an MCP client lists, written down: to make every schema at every start costs most of one. */
async function writeToolList(target: string): Promise<void> {
  const { shelf } = (await import(pathToFileURL(join(target, "mcp", "shelf.js")).href)) as {
    shelf: { listed(): Promise<readonly unknown[]> };
  };
  await writeFile(join(target, "bundle", "mcp-tools.json"), JSON.stringify(await shelf.listed()));
}

/** The pages, as files that the server hands out. */
async function buildDashboard(target: string): Promise<void> {
  const { build } = await import("vite");
  const mode = process.env["NODE_ENV"];
  await build({ configFile: join(ROOT, "vite.config.ts"), logLevel: "error", build: { outDir: target } });
  // The configuration sets it for the build; what this process starts afterwards is no production.
  if (mode === undefined) delete process.env["NODE_ENV"];
  else process.env["NODE_ENV"] = mode;
  await packPages(target);
}

/** Below this a packed file saves no packet. */
const LEAST_BYTES = 1_024;

/** Each text of the dashboard as brotli and gzip beside it: packed once and well, not at every request. */
async function packPages(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = entries.filter((entry) => entry.isFile() && /\.(css|html|js|json|svg|txt)$/.test(entry.name));
  for (const entry of texts) {
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    if (bytes.byteLength < LEAST_BYTES) continue;
    await writeFile(`${path}.br`, brotliCompressSync(bytes));
    await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

/** What is not TypeScript but read at run time, such as the price list. */
async function copyOtherFiles(target: string): Promise<void> {
  for (const path of await sourceFiles()) {
    if (path.endsWith(".ts") || path.endsWith(".md") || path.startsWith("web/")) continue;
    await mkdir(dirname(join(target, path)), { recursive: true });
    await copyFile(join(ROOT, "src", path), join(target, path));
  }
}

async function sourceDigest(): Promise<string> {
  const hash = createHash("sha256")
    .update(process.version)
    .update(await readFile(import.meta.filename))
    .update(await readFile(join(import.meta.dirname, "bundle.ts")));
  const paths = (await sourceFiles()).map((path) => join("src", path));
  for (const path of [
    ...paths,
    "tsconfig.json",
    "tsconfig.build.json",
    "vite.config.ts",
    "package.json",
    "package-lock.json",
  ]) {
    hash.update(`\0${path}\0`).update(await readFile(join(ROOT, path)));
  }
  return hash.digest("hex");
}

async function sourceFiles(): Promise<string[]> {
  const entries = await readdir(join(ROOT, "src"), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(ROOT, "src").length + 1))
    .sort();
}
