import { copyFile, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";

import type { Emulator } from "../../src/emulator/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { coverageOf, listOrganizations, listRuns, type CoverageRow } from "../../src/store/index.ts";
import { publishCheckpoint, stateDigest } from "../../src/sync/index.ts";

/** A copy of the database as it is, whoever has it open. */
export function keepDatabase(folder: string, name: string): void {
  const database = new DatabaseSync(join(folder, "bursar.db"));
  database.exec(`vacuum into '${join(folder, name)}'`);
  database.close();
}

/** Puts such a copy back, as a backup is restored: the files beside it stay as they are. */
export async function putDatabaseBack(folder: string, name: string): Promise<void> {
  await rm(join(folder, "bursar.db-wal"), { force: true });
  await rm(join(folder, "bursar.db-shm"), { force: true });
  await copyFile(join(folder, name), join(folder, "bursar.db"));
}

export async function connectTo(context: OperationContext, emulator: Emulator): Promise<void> {
  const upstream = { url: emulator.url, isChosen: true };
  await runOperation({ ...context, upstream }, await catalog.connect(), { name: "main", key: emulator.keys.admin });
}

export async function syncMain(context: OperationContext, from?: string): Promise<void> {
  const outcomes =
    from === undefined
      ? (await runOperation(context, await catalog.sync(), {})).runs.map(({ outcome }) => outcome)
      : [(await runOperation(context, await catalog.backfill(), { connection: "main", from })).outcome];
  if (outcomes.some((outcome) => outcome !== "complete")) throw new Error(`a sync was ${outcomes.join(", ")}`);
}

/** Signs what is there, and exports it. */
export async function exportTo(context: OperationContext, dir: string): Promise<void> {
  await publishCheckpoint(await context.effects(), context.scope);
  await runOperation(context, await catalog.exportLedger(), { dir });
}

/** All that the record says of the world, and how far it was read. */
export async function everythingSaid({ store, scope, streams }: OperationContext) {
  const digest = await stateDigest(store, scope, streams);
  return store.read(async (tx) => {
    const coverage: Record<string, readonly CoverageRow[]> = {};
    for (const organization of await listOrganizations(tx, scope)) {
      for (const { name } of streams) {
        const rows = await coverageOf(tx, scope, organization, name);
        if (rows.length > 0) coverage[`${organization} ${name}`] = rows;
      }
    }
    return { digest, coverage, runs: await listRuns(tx, scope, 100) };
  });
}
