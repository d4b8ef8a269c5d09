import { z } from "zod";

import { grouped, isFailure, type Failure } from "../../domain/index.ts";
import type { VerifyFailure } from "../../ledger/index.ts";
import { currentLease, damagedTables, listStale } from "../../store/index.ts";
import { restoreCheckpoint } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { checkRows } from "../check-rows.ts";
import { defineOperation } from "../define.ts";
import { rebuildAll } from "../stale-rows.ts";
import { checkStored } from "../stored/check-stored.ts";

const finding = z.object({ file: z.string(), index: z.int().optional(), what: z.string() });
const check = z.object({
  name: z.string(),
  ok: z.boolean(),
  what: z.string(),
  remedy: z.string().nullable(),
  /** What disagrees, by table and leaf or key: the first hundred. */
  findings: z.array(finding).readonly().optional(),
});
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
  summary:
    "Checks the database, its keys and its ledger, and derives again everything that stands on the leaves; rebuilds rows when asked.",
  input: z.object({
    rebuild: z.boolean().default(false),
    restoreCheckpoint: z.boolean().default(false),
    /** Only what takes no time: nothing is derived again. */
    quick: z.boolean().default(false),
  }),
  output: z.object({ ok: z.boolean(), checks: z.array(check), rebuilt: rebuilt.nullable() }),
  permission: "operate",
  effect: "write",
  audit: {
    event: (_, { rebuild, restoreCheckpoint }) =>
      rebuild ? "rows.rebuilt" : restoreCheckpoint ? "checkpoint.restored" : null,
    refusedWhenRolledBack: ({ rebuild, restoreCheckpoint }) => rebuild && !restoreCheckpoint,
    facts: ({ rebuilt }) => (rebuilt === null ? {} : { digest: rebuilt.digestAfter, mended: rebuilt.mended }),
  },
  async run(context, { rebuild, restoreCheckpoint, quick }) {
    const restored = restoreCheckpoint ? await restore(context) : [];
    const report = rebuild ? await rebuildAll(context) : null;
    const checks = [
      ...restored,
      database(context),
      await tables(context),
      await checkpoint(context),
      vault(context),
      await lease(context),
      ...(quick ? [] : await derived(context)),
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
function database({ store, dataFolder }: OperationContext): Check {
  const name = "database";
  if (store.engine === "postgres") return { name, ok: true, what: "PostgreSQL answers", remedy: null };
  const damaged = damagedTables(dataFolder.path);
  if (damaged.length === 0) return { name, ok: true, what: "every page is sound", remedy: null };
  return {
    name,
    ok: false,
    what: `damaged: ${damaged.map(({ table }) => table).join(", ")}`,
    remedy: "Stop Bursar, keep the folder, restore a backup and run bursar doctor again.",
    findings: damaged.map(({ table, problem }) => ({ file: `table ${table}`, what: problem })),
  };
}

/** What stands on the leaves, derived from them again. */
async function derived(context: OperationContext): Promise<Check[]> {
  try {
    const stored = await checkStored(context);
    const rows = await checkRows(context, { nameKeys: true });
    return [
      told("leaves", `all ${grouped(stored.size)} leaves, and what is kept beside them, agree`, stored),
      told("records", `all ${grouped(rows.checked)} rows, their roll-ups and active days say what the records say`, {
        failures: rows.failures,
        failureCount: rows.failures.length,
      }),
    ];
  } catch (thrown) {
    if (!isFailure(thrown) || isFailure(thrown, "app.cancelled")) throw thrown;
    return [failed("leaves", thrown)];
  }
}

function told(
  name: string,
  well: string,
  { failures, failureCount }: { readonly failures: readonly VerifyFailure[]; readonly failureCount: number },
): Check {
  if (failureCount === 0) return { name, ok: true, what: well, remedy: null };
  const places = [...new Set(failures.map(({ file }) => file))].join(", ");
  return {
    name,
    ok: false,
    what: `${grouped(failureCount)} ${failureCount === 1 ? "thing disagrees" : "things disagree"}: ${places}`,
    remedy:
      name === "records"
        ? "Run bursar doctor --rebuild, which builds rows from the records."
        : "Keep this folder. Put back a backup from before, then take what is missing from an export: bursar ledger recover.",
    findings: failures.slice(0, SHOWN),
  };
}

const SHOWN = 100;

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
