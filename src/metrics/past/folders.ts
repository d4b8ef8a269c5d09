import { rmSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "bursar-as-of-";
const HOUR_MS = 3_600_000;

/** Those of this process, which go with it whatever becomes of it short of being killed. */
const folders = new Set<string>();

process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that nobody else can read; what killed processes left behind goes. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  folders.add(folder);
  swept ??= sweep((await stat(folder)).mtimeMs);
  await swept;
  return folder;
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  folders.delete(folder);
}

let swept: Promise<void> | undefined;

async function sweep(nowMs: number): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^bursar-as-of-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
    if (!Number.isSafeInteger(pid) || isAlive(pid)) continue;
    const folder = join(tmpdir(), name);
    const found = await stat(folder).catch(() => null);
    // Another container may share this place and not our numbers: one that is in use is young.
    if (found !== null && nowMs - found.mtimeMs > HOUR_MS) await rm(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}
