import { dayText, LIST_DAY, type DayNumber, type Scope } from "../../domain/index.ts";
import type { Findings } from "../../ledger/index.ts";
import type { Stream } from "../../source/index.ts";
import { coverageOf, coveredStreams, type CoverageRow, type Tx } from "../../store/index.ts";
import { CommitReader, coverageAfter, versionOf, type ToldWindow } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import type { SeenLeaf } from "./check-stored.ts";

const TABLE = "table coverage";

/** Which days were read, and how far, as the `fetch` leaves of all the tenant's logs tell it. */
export class CoverageCheck {
  readonly #tx: Tx;
  readonly #scope: Scope;
  readonly #findings: Findings;
  readonly #streams: ReadonlyMap<string, Stream>;
  readonly #commits = new CommitReader();
  readonly #told = new Map<string, Map<DayNumber, CoverageRow>>();
  /** Streams with leaves that do not tell all: of an earlier version, or erased since. */
  readonly #untold = new Set<string>();

  constructor(tx: Tx, { scope, streams }: Pick<OperationContext, "scope" | "streams">, findings: Findings) {
    this.#tx = tx;
    this.#scope = scope;
    this.#findings = findings;
    this.#streams = new Map(streams.map((stream) => [stream.name, stream]));
  }

  add({ index, leaf, payload }: SeenLeaf): void {
    if (leaf === undefined) return;
    const day = this.#dayOf({ index, leaf, payload });
    const ended = this.#commits.add(leaf, payload, day);
    if (ended !== null) this.#cover(ended);
    if (payload === null) this.#untold.add(leaf.s);
    else if (leaf.t === "erase" || leaf.t === "audit") this.#forgetPurged(leaf.t, payload);
    else if (leaf.t === "fetch" && !payload.includes('"window":') && !payload.includes('"has_more":true')) {
      this.#untold.add(leaf.s);
    }
  }

  async finish(): Promise<void> {
    const last = this.#commits.end();
    if (last !== null) this.#cover(last);
    for (const { organizationId, stream } of await coveredStreams(this.#tx, this.#scope)) {
      const place = placeOf(organizationId, stream);
      const told = this.#told.get(place) ?? new Map<DayNumber, CoverageRow>();
      this.#told.delete(place);
      for (const row of await coverageOf(this.#tx, this.#scope, organizationId, stream)) {
        this.#compare(stream, place, row, told.get(row.day));
        told.delete(row.day);
      }
      for (const { day } of told.values()) this.#tell(place, day, "is not in the table, and a fetch leaf tells of it");
    }
    for (const [place, told] of this.#told) {
      if (told.size > 0) this.#findings.add(TABLE, `${place}: nothing is in the table, and fetch leaves tell of it`);
    }
  }

  #compare(stream: string, place: string, row: CoverageRow, told: CoverageRow | undefined): void {
    const isUntold = this.#untold.has(stream);
    if (told === undefined) {
      const { shape } = this.#streams.get(stream) ?? {};
      // A list that asks once for each object of another asks nothing while there are none.
      const asksNothing = shape?.kind === "list" && shape.after.length > 0;
      if (!isUntold && !asksNothing) this.#tell(place, row.day, "counts as read, and no fetch leaf tells of it");
      return;
    }
    const isSame =
      row.state === told.state && row.readAtMs === told.readAtMs && row.refreshedAtMs === told.refreshedAtMs;
    if (!isSame || (!isUntold && row.revised !== told.revised)) {
      this.#tell(place, row.day, "is not what the fetch leaves say");
    }
  }

  #tell(place: string, day: DayNumber, what: string): void {
    this.#findings.add(TABLE, `${place}${day === LIST_DAY ? "" : ` on ${dayText(day)}`} ${what}`);
  }

  #cover({ stream: name, window, moved }: ToldWindow): void {
    const stream = this.#streams.get(name);
    if (stream === undefined) return;
    const place = placeOf(window.organizationId, name);
    const rows = this.#told.get(place) ?? new Map<DayNumber, CoverageRow>();
    this.#told.set(place, rows);
    for (const row of coverageAfter(window, stream, moved, rows)) rows.set(row.day, row);
  }

  #dayOf({ index, leaf, payload }: SeenLeaf): DayNumber | null {
    const stream = leaf === undefined ? undefined : this.#streams.get(leaf.s);
    if (leaf === undefined || stream === undefined || payload === null) return null;
    if (leaf.t !== "rec" && leaf.t !== "gone") return null;
    try {
      return versionOf(stream, index, leaf, payload, null).version.day;
    } catch {
      return null;
    }
  }

  /** What was purged counts as read no more; an older version named the organization in the trace alone. */
  #forgetPurged(kind: "erase" | "audit", payload: string): void {
    const { event, organization_id: organization } = JSON.parse(payload) as Record<string, unknown>;
    if (typeof organization !== "string" || (kind === "audit" && event !== "organization.purged")) return;
    for (const place of this.#told.keys()) if (place.startsWith(`${organization} `)) this.#told.delete(place);
  }
}

function placeOf(organizationId: string, stream: string): string {
  return `${organizationId} ${stream}`;
}
