import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import {
  LedgerError,
  parseCheckpoint,
  parseVkey,
  replaceFile,
  syncFolder,
  verifyCheckpoint,
} from "../../ledger/index.ts";
import { damagedTables } from "../../store/index.ts";
import { CHECKPOINTS, DATABASE, ERASED, flush, KEK, readBackup, type BackupFacts } from "../backup-folder.ts";
import { defineOperation } from "../define.ts";
import { tellLedgerTrouble } from "../ledger-trouble.ts";

/** What may stand in a data folder whose database is gone, and stays. */
const MAY_STAND: readonly string[] = [CHECKPOINTS, ERASED, KEK];
const PARTIAL = /^bursar\.db\.restoring$/;

export const restoreBackup = defineOperation({
  id: "restoreBackup",
  title: "Restore a backup",
  summary:
    "Puts a backup into a data folder that has no database, after checking it; what is kept there is not touched.",
  input: z.object({
    from: z.string().min(1),
    /** The data folder. */
    to: z.string().min(1),
    /** Text of a checkpoint that was signed after the backup, as somebody elsewhere kept it. */
    checkpoint: z.string().optional(),
  }),
  output: z.object({
    dataDir: z.string(),
    madeAt: z.string(),
    bytes: z.int(),
    hasKek: z.boolean().describe("a key-encryption key stands in the data folder"),
    kekFile: z.string().describe("where it was read from when the backup was made"),
  }),
  permission: "operate",
  localInputs: ["from", "to"],
  effect: "write",
  audit: "none: there is no ledger before it is done; `restored` leaves the trace",
  run: async (context, { from, to, checkpoint }) => {
    const [source, target] = [resolve(from), resolve(to)];
    context.onStep?.("checking the backup");
    const facts = await readBackup(source);
    const newer = checkpoint === undefined ? null : newerCheckpoint(facts, checkpoint);
    const standing = await refuseUsed(target);
    const [damaged] = damagedTables(source);
    if (damaged !== undefined) {
      const problem = `table ${damaged.table} is damaged: ${damaged.problem}`;
      throw new Failure("backup.unreadable", { path: source, problem });
    }
    context.onStep?.("copying the files");
    return tellLedgerTrouble(target, async () => {
      await mkdir(target, { recursive: true, mode: 0o700 });
      if (facts.with_kek && !standing.includes(KEK)) await copyDurably(join(source, KEK), join(target, KEK));
      await restoreCheckpoints(facts, source, target, newer);
      // Last, and by a rename: before it there is no record in the folder, after it a whole one.
      const partial = join(target, "bursar.db.restoring");
      await rm(partial, { force: true });
      await copyDurably(join(source, DATABASE), partial);
      await rename(partial, join(target, DATABASE));
      await syncFolder(target);
      const bytes = facts.files.reduce((sum, file) => sum + file.bytes, 0);
      const hasKek = facts.with_kek || standing.includes(KEK);
      return { dataDir: target, madeAt: facts.made_at, bytes, hasKek, kekFile: facts.kek_file };
    });
  },
});

/** @throws Failure `backup.folder_in_use`, `input.invalid` */
async function refuseUsed(target: string): Promise<readonly string[]> {
  let names: string[];
  try {
    names = await readdir(target);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
    const problem = "is no folder that can be read";
    throw new Failure("input.invalid", { field: "data", problem, remedy: "Give another with --data." }, { cause });
  }
  const stranger = names.find((name) => !MAY_STAND.includes(name) && !PARTIAL.test(name));
  if (stranger !== undefined) throw new Failure("backup.folder_in_use", { path: target, name: stranger });
  return names;
}

interface Newer {
  readonly tenant: string;
  readonly note: string;
}

/** @throws Failure `input.invalid` for a checkpoint of another log, or that no key of it has signed */
function newerCheckpoint({ tenants }: BackupFacts, note: string): Newer {
  const invalid = (problem: string, cause?: unknown) =>
    new Failure(
      "input.invalid",
      { field: "checkpoint", problem, remedy: "Give the text of a checkpoint of this log, or leave it out." },
      { cause },
    );
  try {
    const { origin } = parseCheckpoint(note);
    const tenant = tenants.find((one) => one.origin === origin);
    if (tenant === undefined) throw invalid("is of no log in this backup");
    verifyCheckpoint(note, tenant.vkeys.map(parseVkey));
    return { tenant: tenant.name, note };
  } catch (thrown) {
    if (thrown instanceof LedgerError) throw invalid(thrown.message, thrown);
    throw thrown;
  }
}

/**
 * Checkpoints that stand in the folder stay: they may be newer than the backup, which is what they are kept for. Of those
 * that come in, the larger one.
 */
async function restoreCheckpoints(
  facts: BackupFacts,
  source: string,
  target: string,
  newer: Newer | null,
): Promise<void> {
  const folder = join(target, CHECKPOINTS);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { name } of facts.files) {
    if (dirname(name) !== CHECKPOINTS) continue;
    if (!(await isThere(join(target, name)))) await copyDurably(join(source, name), join(target, name));
  }
  if (newer !== null) {
    const place = join(folder, newer.tenant);
    const kept = (await isThere(place)) ? sizeOf(await readFile(place, "utf8")) : -1;
    if (sizeOf(newer.note) > kept) await replaceFile(place, newer.note, 0o600);
  }
  await syncFolder(folder);
}

function sizeOf(note: string): number {
  try {
    return parseCheckpoint(note).size;
  } catch {
    // What cannot be read stays, and is said by the guard.
    return Number.MAX_SAFE_INTEGER;
  }
}

async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  await flush(to);
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
