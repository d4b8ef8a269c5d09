import { copyFile, cp, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";

import { parseCheckpoint } from "../../src/ledger/index.ts";
import type { OperationContext } from "../../src/operations/index.ts";
import { logState } from "../../src/store/index.ts";
import { syncExit, type Struck } from "../support/struck-record.ts";
import type { Held } from "./own-fault.ts";

const WAL_HEADER = 32;
const FRAME_HEADER = 24;
/** Cuts that are looked at, and those from which the whole program starts; all pages in the full check. */
const LOOKS = process.env["BURSAR_FULL"] ? Infinity : 24;
const STARTS = process.env["BURSAR_FULL"] ? 24 : 3;

/**
 * Syncs, and takes the journal away from some byte on: what a disk has when the power goes before the rest is flushed.
 *
 * A checkpoint is kept only after its leaves are flushed, so a journal that ends behind that moment holds them all. One
 * that ends earlier is of a disk that lied, and that is found as a rollback.
 */
export async function cutEverywhere(struck: Struck): Promise<Held> {
  const { context, folder, beside, open } = struck;
  const wal = join(folder, "bursar.db-wal");
  const signed: { size: number; atByte: number }[] = [];
  const synced = await syncExit(
    noting(context, async (note) => {
      signed.push({ size: parseCheckpoint(note).size, atByte: (await stat(wal)).size });
    }),
  );
  const whole = await readFile(wal);
  const frame = whole.readUInt32BE(8) + FRAME_HEADER;
  const frames = Math.floor((whole.length - WAL_HEADER) / frame);
  await copyFile(join(folder, "bursar.db"), beside("cut.db"));

  const wrong: string[] = [];
  const sizes = new Map<number, number>();
  for (const cut of cuts(frames, frame, whole.length)) {
    const found = await lookAt(beside("cut"), beside("cut.db"), whole.subarray(0, cut));
    sizes.set(cut, found.size);
    if (found.findings !== "ok") wrong.push(`cut at ${cut}: ${found.findings}`);
    const lost = signed.find(({ size, atByte }) => atByte <= cut && size > found.size);
    if (lost !== undefined) wrong.push(`cut at ${cut}: ${found.size} leaves, and ${lost.size} are signed`);
  }
  const last = signed.at(-1)!;
  const starts = { behind: 0, going: 0 };
  for (const cut of evenly([...sizes.keys()], STARTS)) {
    const path = await asDataFolder(struck, whole.subarray(0, cut), cut);
    const { exit, size } = await startFrom(struck, path);
    const isBehind = sizes.get(cut)! < last.size;
    starts[isBehind ? "behind" : "going"] += 1;
    if (exit !== (isBehind ? 5 : 0)) wrong.push(`started from ${cut}: exit ${exit}`);
    if (isBehind && size !== sizes.get(cut)) wrong.push(`started from ${cut}: something was appended`);
  }
  return {
    holds: {
      "the sync was whole": synced.exit === 0 && signed.length > 0,
      "some cuts lose what was signed and some do not": starts.behind > 0 && starts.going > 0,
      [`every cut holds; not: ${wrong.join("; ")}`]: wrong.length === 0,
    },
    context: await open(),
  };
}

/** The same, which also tells of every checkpoint as it is kept. */
function noting(context: OperationContext, tell: (note: string) => Promise<void>): OperationContext {
  return {
    ...context,
    effects: async () => {
      const effects = await context.effects();
      const { signer } = effects;
      const keep = async (note: string) => {
        await tell(note);
        await signer.keep(note);
      };
      return { ...effects, signer: { ...signer, keep } };
    },
  };
}

/** Ends of pages, and the middle of every third one. */
function cuts(frames: number, frame: number, end: number): number[] {
  const all = Array.from({ length: frames + 1 }, (_, n) => WAL_HEADER + n * frame - (n % 3 === 1 ? frame >> 1 : 0));
  return [...evenly(all, LOOKS - 1), end];
}

function evenly(all: readonly number[], most: number): number[] {
  if (all.length <= most) return [...all];
  // The ends too: the first cut has lost everything, the last nothing.
  return Array.from({ length: most }, (_, n) => all[Math.round((n * (all.length - 1)) / (most - 1))]!);
}

async function lookAt(path: string, base: string, wal: Uint8Array): Promise<{ findings: string; size: number }> {
  await copyFile(base, path);
  await writeFile(`${path}-wal`, wal);
  await rm(`${path}-shm`, { force: true });
  const database = new DatabaseSync(path);
  try {
    const findings = String(database.prepare("pragma quick_check(1)").get()?.["quick_check"]);
    const isThere = database.prepare("select 1 from sqlite_schema where name = 'leaves'").get() !== undefined;
    const size = isThere ? Number(database.prepare("select count(*) as n from leaves").get()?.["n"]) : 0;
    return { findings, size };
  } finally {
    database.close();
  }
}

async function asDataFolder({ folder, beside }: Struck, wal: Uint8Array, cut: number): Promise<string> {
  const path = beside(`cut-${cut}`);
  await mkdir(path);
  await cp(join(folder, "checkpoints"), join(path, "checkpoints"), { recursive: true });
  await copyFile(join(folder, "kek"), join(path, "kek"));
  await copyFile(beside("cut.db"), join(path, "bursar.db"));
  await writeFile(join(path, "bursar.db-wal"), wal);
  return path;
}

async function startFrom({ openFolder }: Struck, path: string): Promise<{ exit: number; size: number }> {
  const context = await openFolder(path);
  const { exit } = await syncExit(context);
  const size = (await context.store.read((tx) => logState(tx, context.scope)))?.size ?? 0;
  await context.store.close();
  return { exit, size };
}
