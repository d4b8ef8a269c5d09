import { sql } from "kysely";
import { z } from "zod";

import { isFailure, type Failure } from "../../domain/index.ts";
import { currentLease, listStale } from "../../store/index.ts";
import { restoreCheckpoint } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";
import { rebuildAll } from "../stale-rows.ts";

const check = z.object({ name: z.string(), ok: z.boolean(), what: z.string(), remedy: z.string().nullable() });
type Check = z.output<typeof check>;

const rebuilt = z.object({
  records: z.int(),
  rows: z.int(),
  digestBefore: z.string(),
  digestAfter: z.string(),
  mended: z.boolean(),
});

export const doctor = defineOperation({
  id: "doctor",
  title: "Doctor",
  summary: "Checks the database, its keys and its ledger; rebuilds rows from the records when asked.",
  input: z.object({ rebuild: z.boolean().default(false), restoreCheckpoint: z.boolean().default(false) }),
  output: z.object({ ok: z.boolean(), checks: z.array(check), rebuilt: rebuilt.nullable() }),
  permission: "operate",
  effect: "write",
  audit: {
    event: (_, { rebuild, restoreCheckpoint }) =>
      rebuild ? "rows.rebuilt" : restoreCheckpoint ? "checkpoint.restored" : null,
    refusedWhenRolledBack: ({ rebuild, restoreCheckpoint }) => rebuild && !restoreCheckpoint,
    facts: ({ rebuilt }) => (rebuilt === null ? {} : { digest: rebuilt.digestAfter, mended: rebuilt.mended }),
  },
  async run(context, { rebuild, restoreCheckpoint }) {
    const restored = restoreCheckpoint ? await restore(context) : [];
    const report = rebuild ? await rebuildAll(context) : null;
    const checks = [
      ...restored,
      await database(context),
      await tables(context),
      await checkpoint(context),
      vault(context),
      await lease(context),
    ];
    return { ok: checks.every(({ ok }) => ok), checks, rebuilt: report };
  },
});

async function restore(context: OperationContext): Promise<Check[]> {
  const size = await restoreCheckpoint(context.store, context.scope, context.unguarded.signer);
  const what = size === null ? "nothing was signed yet" : `the file keeps the checkpoint of ${size} leaves again`;
  return [{ name: "checkpoint file", ok: true, what, remedy: null }];
}

/** Every page and index of the embedded database; PostgreSQL checks its own. */
async function database({ store }: OperationContext): Promise<Check> {
  const name = "database";
  if (store.engine === "postgres") return { name, ok: true, what: "PostgreSQL answers", remedy: null };
  const remedy = "Stop Bursar, keep the folder, restore a backup and run bursar doctor again.";
  try {
    const rows = await store.read((tx) => sql<{ integrity_check: string }>`pragma integrity_check(20)`.execute(tx.db));
    const findings = rows.rows.map(({ integrity_check }) => integrity_check);
    if (findings.length === 1 && findings[0] === "ok")
      return { name, ok: true, what: "every page is sound", remedy: null };
    return { name, ok: false, what: findings.join("; ").slice(0, 500), remedy };
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    return { name, ok: false, what: thrown.message, remedy };
  }
}

async function tables({ store, scope }: OperationContext): Promise<Check> {
  const stale = await store.read((tx) => listStale(tx, scope));
  if (stale.length === 0)
    return { name: "rows", ok: true, what: "all tables are built for this version", remedy: null };
  return {
    name: "rows",
    ok: false,
    what: `${stale.join(", ")} changed with this version and wait to be built again`,
    remedy: "Run bursar doctor --rebuild.",
  };
}

async function checkpoint(context: OperationContext): Promise<Check> {
  const name = "ledger";
  try {
    await context.effects();
    return { name, ok: true, what: "the database continues what was signed last", remedy: null };
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    return failed(name, thrown);
  }
}

function vault({ keyring }: OperationContext): Check {
  const name = "vault";
  if (keyring.lockedBy === null) return { name, ok: true, what: "the key-encryption key is readable", remedy: null };
  const remedy = "Give the key-encryption key of this data folder (BURSAR_KEK_FILE). The record stays readable.";
  return { name, ok: false, what: `locked: ${keyring.lockedBy}`, remedy };
}

async function lease({ store, scope, clock }: OperationContext): Promise<Check> {
  const held = await store.read((tx) => currentLease(tx, scope));
  const what = held !== null && held.untilMs > clock.now() ? `held by ${held.holder}` : "nobody is writing";
  return { name: "writer", ok: true, what, remedy: null };
}

function failed(name: string, failure: Failure): Check {
  return { name, ok: false, what: failure.message, remedy: failure.hint };
}
