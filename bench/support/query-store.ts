import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { DAY_MS, NAMED, parseDay, type DayNumber, type Row, type Scope, type Table } from "../../src/domain/index.ts";
import { claudeCodeActiveDays, streams } from "../../src/source/index.ts";
import {
  ensureTenant,
  openStore,
  refreshActiveDays,
  refreshRollups,
  replaceRecordRows,
  setCoverage,
  type Store,
} from "../../src/store/index.ts";

export const LAST_DAY = parseDay("2026-10-31");
export const DAYS = 365;
export const FIRST_DAY = LAST_DAY - DAYS + 1;
/** Late enough that no day of the range is provisional. */
export const NOW = (LAST_DAY + 90) * DAY_MS;

const ORGANIZATION = "4f0c1d2e-3a4b-4c5d-8e6f-7a8b9c0d1e2f";

/** A store in a folder of its own, filled by the projections' own bulk path: no record and no ledger stands behind it. */
export interface QueryStore {
  readonly store: Store;
  readonly scope: Scope;
  readonly file: string;
  /** Replaces nothing: the rows of these days, their daily sums, and who was active. */
  keep(table: Table, rowsOf: (day: DayNumber, organizationId: string) => Row[], from: DayNumber): Promise<void>;
  cover(stream: string, from: DayNumber): Promise<void>;
}

export async function withQueryStore<T>(use: (store: QueryStore) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "bursar-bench-"));
  const store = await openStore({ dataDir: folder, tables: streams.flatMap((stream) => stream.tables) });
  try {
    const { tenantId } = await store.write((tx) => ensureTenant(tx, "default", 0));
    const scope = { tenantId, tenant: "default", principal: "bench", privacy: NAMED };
    return await use({
      store,
      scope,
      file: join(folder, "bursar.db"),
      async keep(table, rowsOf, from) {
        for (let first = from; first <= LAST_DAY; first += DAYS_A_COMMIT) {
          const days = range(first, Math.min(LAST_DAY, first + DAYS_A_COMMIT - 1));
          await store.write(async (tx) => {
            for (const day of days)
              await replaceRecordRows(tx, scope, { deletes: [], inserts: rowsOf(day, ORGANIZATION) });
            await refreshRollups(tx, scope, table, ORGANIZATION, days);
            if (table === claudeCodeActiveDays.table)
              await refreshActiveDays(tx, scope, claudeCodeActiveDays, ORGANIZATION, days);
          });
        }
      },
      cover(stream, from) {
        const rows = range(from, LAST_DAY).map((day) => ({
          day,
          state: "complete" as const,
          readAtMs: (day + 60) * DAY_MS,
          revised: 0,
          refreshedAtMs: null,
        }));
        return store.write((tx) => setCoverage(tx, scope, ORGANIZATION, stream, rows));
      },
    });
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const DAYS_A_COMMIT = 15;

function range(from: DayNumber, to: DayNumber): DayNumber[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}
