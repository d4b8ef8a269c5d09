import { DAY_MS, Failure, isJsonObject } from "../../domain/index.ts";
import type { DayNumber, Json, JsonObject, Row, Scope, Span } from "../../domain/index.ts";
import { claudeCodeActiveDays, streams } from "../../source/index.ts";
import type { Stream } from "../../source/index.ts";
import {
  ensureTenant,
  insertConnection,
  keepPastVersions,
  listActorOwners,
  listBudgets,
  listConnections,
  listOrganizations,
  listPeople,
  listSettings,
  loadPeople,
  openStore,
  putBudget,
  refreshActiveDays,
  refreshRollups,
  replaceRecordRows,
  setActorOwner,
  setCoverage,
  setSetting,
  storedVersions,
} from "../../store/index.ts";
import type { Store, StoredVersion, Tx, WriteTx } from "../../store/index.ts";
import { PastCoverage } from "./past-coverage.ts";

/** Most record versions that are projected again for one day. */
export const MOST_VERSIONS = 2_000_000;

const BATCH = 2_000;

/** What will be read, so that no more than that is projected; lists of members, keys and their like always are. */
export interface PastNeeds {
  /** Of reports. */
  readonly tables: readonly string[] | "all";
  /** Days, or null for all of them. */
  readonly span: Span | null;
}

export const EVERYTHING: PastNeeds = { tables: "all", span: null };

/** Everything that a store is made of. */
export const ALL_TABLES = streams.flatMap((stream) => stream.tables);

/** What the tenant decided: copied as it is today, the program's own secrets not. */
export const COPIED_SETTINGS = ["tenant.", "licence."] as const;

export interface PastOrder {
  readonly day: DayNumber;
  readonly needs: PastNeeds;
  /** Where the past goes: an empty folder. */
  readonly folder: string;
}

/**
 * Projects the records as they stood at the end of a UTC day into a store of its own. Roll-ups of today are of no use for
 * that: they hold what was learnt later. People, teams, owners, connections and settings are copied as they are today.
 *
 * @throws Failure `input.invalid` above `MOST_VERSIONS`.
 */
export async function projectPast(
  store: Store,
  scope: Scope,
  { day, needs, folder }: PastOrder,
): Promise<{ readonly tenantId: number }> {
  const past = await openStore({ dataDir: folder, tables: ALL_TABLES });
  try {
    return await past.write(async (into) => {
      const { tenantId } = await ensureTenant(into, scope.tenant, 0);
      const own = { ...scope, tenantId };
      await store.read(async (from) => {
        await copyDirectory(from, scope, into, own);
        await project(from, scope, into, own, needs, (day + 1) * DAY_MS);
      });
      return { tenantId };
    });
  } finally {
    await past.close();
  }
}

async function project(
  from: Tx,
  scope: Scope,
  into: WriteTx,
  own: Scope,
  { tables, span }: PastNeeds,
  asOfMs: number,
): Promise<void> {
  let versions = 0;
  const coverage = await PastCoverage.read(from, scope, asOfMs);
  const organizations = await listOrganizations(from, scope);
  const isRead = (stream: Stream) =>
    stream.shape.kind === "list" || tables === "all" || stream.tables.some((table) => tables.includes(table.name));
  for (const stream of streams.filter(isRead)) {
    const isReport = stream.shape.kind === "report";
    const seen = new SeenDays();
    const past = new PastRows(into, own, stream);
    for await (const version of storedVersions(from, scope, {
      stream: stream.name,
      ...(isReport && span !== null ? span : {}),
      asOfMs,
      // Of an object that is gone somebody may ask what it was.
      currentOnly: isReport,
    })) {
      if (++versions > MOST_VERSIONS) refuseSize();
      seen.note(version);
      await past.add(version);
    }
    await past.end();
    for (const organizationId of organizations) {
      if (isReport) await sumUp(into, own, stream, organizationId, seen.of(organizationId));
      const rows = await coverage.of(organizationId, stream.name);
      if (rows.length > 0) await setCoverage(into, own, organizationId, stream.name, rows);
    }
  }
}

/** What answers need beside the records. None of it is kept as it was. */
async function copyDirectory(from: Tx, scope: Scope, into: WriteTx, own: Scope): Promise<void> {
  for (const { connectionId: _, ...connection } of await listConnections(from, scope)) {
    await insertConnection(into, own, connection);
  }
  for (const prefix of COPIED_SETTINGS) {
    for (const { name, value } of await listSettings(from, scope, prefix)) await setSetting(into, own, name, value);
  }
  for (const budget of await listBudgets(from, scope)) await putBudget(into, own, budget);
  await loadPeople(into, own, await listPeople(from, scope));
  for (const owner of await listActorOwners(from, scope)) await setActorOwner(into, own, owner);
}

/** Versions on their way into the past: the last of each record as rows, and where rows do not tell all, themselves. */
class PastRows {
  readonly #into: WriteTx;
  readonly #scope: Scope;
  readonly #stream: Stream;
  #rows: Row[] = [];
  #kept: StoredVersion[] = [];
  #last: StoredVersion | undefined;

  constructor(into: WriteTx, scope: Scope, stream: Stream) {
    this.#into = into;
    this.#scope = scope;
    this.#stream = stream;
  }

  /** Record by record, the versions of each in their order. */
  async add(version: StoredVersion): Promise<void> {
    const last = this.#last;
    if (last !== undefined && (last.nk !== version.nk || last.organizationId !== version.organizationId))
      this.#settle();
    this.#last = version;
    if (this.#stream.shape.kind === "list" || version.conflicted) {
      if (this.#kept[0] !== undefined && this.#kept[0].organizationId !== version.organizationId) await this.#keep();
      this.#kept.push(version);
    }
    if (this.#rows.length >= BATCH) await this.#flush();
    if (this.#kept.length >= BATCH) await this.#keep();
  }

  async end(): Promise<void> {
    this.#settle();
    await this.#flush();
    await this.#keep();
  }

  #settle(): void {
    if (this.#last !== undefined) this.#rows.push(...rowsOf(this.#stream, this.#last));
    this.#last = undefined;
  }

  async #flush(): Promise<void> {
    await replaceRecordRows(this.#into, this.#scope, { deletes: [], inserts: this.#rows });
    this.#rows = [];
  }

  async #keep(): Promise<void> {
    const [first] = this.#kept;
    if (first === undefined) return;
    await keepPastVersions(this.#into, this.#scope, this.#stream.name, first.organizationId, this.#kept);
    this.#kept = [];
  }
}

/** Days of each organization that have rows. */
class SeenDays {
  readonly #byOrganization = new Map<string, Set<DayNumber>>();

  note({ organizationId, day }: StoredVersion): void {
    const days = this.#byOrganization.get(organizationId) ?? new Set<DayNumber>();
    this.#byOrganization.set(organizationId, days);
    if (day !== null) days.add(day);
  }

  of(organizationId: string): ReadonlySet<DayNumber> {
    return this.#byOrganization.get(organizationId) ?? new Set();
  }
}

/** What stands in a payload is our own canonical JSON. A conflicted record has no row, nor has a vanished one. */
function rowsOf(stream: Stream, { state, conflicted, payload, organizationId, day }: StoredVersion): Row[] {
  if (state === "gone" || conflicted || payload === null) return [];
  const { key, data } = JSON.parse(payload) as { key: Json[]; data: JsonObject };
  return isJsonObject(data) ? stream.rows({ organizationId, day, key, data }, () => {}) : [];
}

async function sumUp(
  into: WriteTx,
  own: Scope,
  { tables }: Stream,
  organizationId: string,
  days: ReadonlySet<DayNumber>,
): Promise<void> {
  for (const table of tables) await refreshRollups(into, own, table, organizationId, days);
  if (tables.includes(claudeCodeActiveDays.table)) {
    await refreshActiveDays(into, own, claudeCodeActiveDays, organizationId, days);
  }
}

function refuseSize(): never {
  throw new Failure("input.invalid", {
    field: "asOf",
    problem: `the record holds more than ${MOST_VERSIONS} versions up to that day`,
    remedy: "Ask without it, or restore a backup of that day and ask it.",
  });
}
