import { existsSync } from "node:fs";
import { join } from "node:path";

import { isRoot } from "./postgres-binaries.ts";
import { capture } from "./process.ts";

interface DebianTool {
  /** The packages that have it, the best first: not every release has each. */
  readonly packages: readonly [string, ...string[]];
  readonly isThere: () => boolean;
}

/** What the tests use of the system, and what shows that it is there. */
const TOOLS: readonly DebianTool[] = [
  { packages: ["postgresql"], isThere: () => existsSync("/usr/lib/postgresql") },
  // The browser without windows: the tests of pages take a fifth less with it, also where the other one is there.
  { packages: ["chromium-headless-shell", "chromium"], isThere: () => onPath("chromium-headless-shell") },
  { packages: ["prometheus"], isThere: () => onPath("promtool") },
  // Makes system calls fail.
  { packages: ["strace"], isThere: () => onPath("strace") },
  // With these an auditor checks an export by hand.
  { packages: ["jq"], isThere: () => onPath("jq") },
  { packages: ["xxd"], isThere: () => onPath("xxd") },
  // 4 MB with the two packages that it needs: a calendar, and a reader of proofs, that are not ours.
  {
    packages: ["python3-opentimestamps"],
    isThere: () => existsSync("/usr/lib/python3/dist-packages/opentimestamps"),
  },
];

let installing: Promise<void> | null = null;

/**
 * Installs what is missing in one call, where we may: two at once would fight for the package manager's lock. Whoever
 * asks again waits for the same.
 *
 * Elsewhere each test says itself what it lacks and how to get it.
 */
export function ensureDebianTools(say: (line: string) => void): Promise<void> {
  installing ??= installMissing(say);
  return installing;
}

async function installMissing(say: (line: string) => void): Promise<void> {
  const missing = TOOLS.filter(({ isThere }) => !isThere());
  if (missing.length === 0 || !isRoot() || !existsSync("/usr/bin/apt-get")) return;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await capture("apt-get", ["update", "-qq"], env);
  const packages = await Promise.all(missing.map(knownPackage));
  say(`installing ${packages.join(", ")} with apt-get`);
  const install = ["install", "-qq", "-y", "--no-install-recommends"];
  const { code, output } = await capture("apt-get", [...install, ...packages], env);
  if (code !== 0) say(`apt-get said: ${output.trim().slice(-300)}`);
}

async function knownPackage({ packages }: DebianTool): Promise<string> {
  for (const name of packages) {
    if ((await capture("apt-cache", ["show", name])).code === 0) return name;
  }
  return packages[0];
}

function onPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(":").some((folder) => folder !== "" && existsSync(join(folder, program)));
}
