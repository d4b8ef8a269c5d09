import { chmod, mkdtemp, readFile, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { DurableFolder, parseCheckpoint, syncFolder } from "../../ledger/index.ts";
import {
  backupDatabase,
  damagedTables,
  latestCheckpoint,
  listTenants,
  logState,
  openStore,
} from "../../store/index.ts";
import { logVkeys } from "../../sync/index.ts";
import { CHECKPOINTS, DATABASE, FACTS, fileFacts, flush, KEK, type BackupFacts } from "../backup-folder.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";
import { refuseUsedFolder, tellLedgerTrouble } from "../ledger-trouble.ts";
import { step } from "../step.ts";

export const backup = defineOperation({
  id: "backup",
  title: "Back up",
  summary: "Copies the record as it stands at one moment into a new folder, while syncs go on.",
  input: z.object({
    dir: z.string().min(1),
    /** Take the key-encryption key along: then the folder opens everything that is sealed in it. */
    withKek: z.boolean().default(false),
  }),
  output: z.object({
    dir: z.string(),
    bytes: z.int(),
    withKek: z.boolean(),
    kekFile: z.string().describe("where the key-encryption key is read from: without it nothing sealed can be opened"),
    tenants: z.array(z.object({ name: z.string(), leaves: z.int(), signed: z.int().nullable() })),
  }),
  permission: "operate",
  localInputs: ["dir"],
  effect: "read",
  audit: {
    event: "backup.made",
    withoutTraceInTrouble: true,
    facts: ({ bytes, withKek }) => ({ bytes, with_kek: withKek }),
  },
  run: async (context, { dir, withKek }) => {
    if (context.store.engine === "postgres") throw new Failure("store.own_backup");
    const place = resolve(dir);
    await refuseUsedFolder(place);
    return tellLedgerTrouble(place, async () => {
      const temporary = await mkdtemp(join(dirname(place), `.${basename(place)}.partial-`));
      try {
        const facts = await writeBackup(context, temporary, withKek);
        await rmdir(place).catch(() => {});
        await rename(temporary, place);
        await syncFolder(dirname(place));
        return {
          dir: place,
          bytes: facts.files.reduce((sum, { bytes }) => sum + bytes, 0),
          withKek,
          kekFile: context.vaultCare.kekFile,
          tenants: facts.tenants.map(({ name, leaves, signed }) => ({ name, leaves, signed })),
        };
      } catch (thrown) {
        await rm(temporary, { recursive: true, force: true });
        throw thrown;
      }
    });
  },
});

async function writeBackup(context: OperationContext, dir: string, withKek: boolean): Promise<BackupFacts> {
  const { clock, dataFolder, vaultCare } = context;
  // Before the database: what is signed is committed already, so that the copy continues each of them.
  const checkpoints = await dataFolder.keptCheckpoints();
  step(context, "copying the database");
  await backupDatabase(dataFolder.path, join(dir, DATABASE));
  await chmod(join(dir, DATABASE), 0o600);
  await flush(join(dir, DATABASE));
  step(context, "reading the copy again");
  const [damaged] = damagedTables(dir);
  // Kept, it would some day take a good one's place.
  if (damaged !== undefined)
    throw new Failure("store.damaged", { problem: `table ${damaged.table}: ${damaged.problem}` });
  const tenants = await copiedTenants(context, dir);
  const folder = new DurableFolder(dir);
  for (const [tenant, note] of checkpoints) await folder.write(`${CHECKPOINTS}/${tenant}`, note);
  if (withKek) await folder.write(KEK, await readFile(vaultCare.kekFile));
  await folder.settle();
  if (withKek) await chmod(join(dir, KEK), 0o600);
  const names = [
    DATABASE,
    ...[...checkpoints.keys()].map((name) => `${CHECKPOINTS}/${name}`),
    ...(withKek ? [KEK] : []),
  ];
  const files = await Promise.all(names.map((name) => fileFacts(dir, name)));
  const facts: BackupFacts = {
    format: "bursar-backup/1",
    made_at: new Date(clock.now()).toISOString(),
    bursar: dataFolder.version,
    with_kek: withKek,
    kek_file: vaultCare.kekFile,
    tenants,
    files,
  };
  await folder.write(FACTS, `${JSON.stringify(facts, null, 2)}\n`);
  await folder.finish();
  return facts;
}

/** What the copy holds, for whoever looks at it later. */
async function copiedTenants({ scope, streams }: OperationContext, dir: string): Promise<BackupFacts["tenants"]> {
  const copy = await openStore({ dataDir: dir, tables: streams.flatMap(({ tables }) => tables), readonly: true });
  try {
    return await copy.read(async (tx) => {
      const tenants: BackupFacts["tenants"] = [];
      for (const { tenantId, name } of await listTenants(tx)) {
        const own = { ...scope, tenantId, tenant: name };
        const state = await logState(tx, own);
        const signed = await latestCheckpoint(tx, own);
        tenants.push({
          name,
          origin: state?.origin ?? null,
          leaves: state?.size ?? 0,
          signed: signed?.size ?? null,
          root: signed === null ? null : parseCheckpoint(signed.note).root.toString("hex"),
          vkeys: state === null ? [] : await logVkeys(tx, own),
        });
      }
      return tenants;
    });
  } finally {
    await copy.close();
  }
}
