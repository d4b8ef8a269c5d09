import { existsSync } from "node:fs";
import { join } from "node:path";

import { isRoot } from "./postgres-binaries.ts";
import { capture } from "./process.ts";

/** What the tests use of the system: the package that Debian has it in, and what shows that it is there. */
const TOOLS = [
  { package: "postgresql", isThere: () => existsSync("/usr/lib/postgresql") },
  { package: "chromium", isThere: () => onPath("chromium") },
  { package: "prometheus", isThere: () => onPath("promtool") },
  // 4 MB with the two packages that it needs: a calendar, and a reader of proofs, that are not ours.
  { package: "python3-opentimestamps", isThere: () => existsSync("/usr/lib/python3/dist-packages/opentimestamps") },
] as const;

/**
 * Installs what is missing in one call, where we may: two at once would fight for the package manager's lock.
 *
 * Elsewhere each test says itself what it lacks and how to get it.
 */
export async function ensureDebianTools(say: (line: string) => void): Promise<void> {
  const missing = TOOLS.filter(({ isThere }) => !isThere()).map((tool) => tool.package);
  if (missing.length === 0 || !isRoot() || !existsSync("/usr/bin/apt-get")) return;
  say(`installing ${missing.join(", ")} with apt-get`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await capture("apt-get", ["update", "-qq"], env);
  const install = ["install", "-qq", "-y", "--no-install-recommends"];
  const { code, output } = await capture("apt-get", [...install, ...missing], env);
  if (code !== 0) say(`apt-get said: ${output.trim().slice(-300)}`);
}

function onPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(":").some((folder) => folder !== "" && existsSync(join(folder, program)));
}
