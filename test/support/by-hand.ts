import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the auditor's page asks for: a shell, three programs, and core utilities. */
const TOOLS = ["sh", "openssl", "jq", "xxd"];
const CORE = ["sha256sum", "base64", "cat", "cut", "head", "ls", "mktemp", "sort", "tail", "tr"];

const places = new Map([...TOOLS, ...CORE].map((tool) => [tool, placeOf(tool)]));

/** Programs of the page that this machine does not have. */
export const missingTools: readonly string[] = [...places].filter(([, place]) => place === "").map(([tool]) => tool);

/** Commands of the auditor's page, as a reader would paste them: those about exports, and those about evidence. */
export async function commandsOfGuide(): Promise<{ readonly ofExport: string[]; readonly ofEvidence: string[] }> {
  const guide = await readFile(new URL("../../docs/guides/verify-the-ledger.md", import.meta.url), "utf8");
  const [ofExport = "", ofEvidence = ""] = guide.split("## An evidence bundle\n");
  return { ofExport: blocksOf(ofExport), ofEvidence: blocksOf(ofEvidence) };
}

/** The blocks of a page that are to be pasted. */
export function blocksOf(page: string): string[] {
  return [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
}

/** Pastes commands into a shell that finds no other programs; gives the lines that it prints. */
export async function pasted(commands: readonly string[], cwd: string, env: Record<string, string>): Promise<string[]> {
  const temporary = await mkdtemp(join(tmpdir(), "bursar-by-hand-work-"));
  try {
    const path = join(temporary, "bin");
    await mkdir(path);
    for (const [tool, place] of places) await symlink(place, join(path, tool));
    const input = ["set -u", ...commands].join("\n");
    const own = { PATH: path, TMPDIR: temporary, LC_ALL: "C", ...env };
    return execFileSync(places.get("sh")!, { cwd, env: own, input, encoding: "utf8", stdio: "pipe" })
      .trim()
      .split("\n");
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function placeOf(tool: string): string {
  return spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim();
}
