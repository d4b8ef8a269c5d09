import { DAY_MS } from "../domain/index.ts";
import type { DayNumber, Json, Row, Scope, Span } from "../domain/index.ts";
import { streams } from "../source/index.ts";
import type { Stream } from "../source/index.ts";
import { changedRecords } from "../store/index.ts";
import type { StoredVersion, Tx } from "../store/index.ts";
import { sumOf } from "./conflicted.ts";
import type { Fact, Quantity } from "./facts.ts";
import { quantitiesOf, rowsOfVersion } from "./version-rows.ts";

/** What a record says otherwise now than it did at the end of a day. */
export interface Restatement {
  readonly stream: string;
  readonly organizationId: string;
  readonly day: DayNumber;
  /** The natural key without the organization. */
  readonly key: readonly Json[];
  /** `added`: there was none of it then, though the day had been read. `returned`: it had vanished by then. */
  readonly kind: "added" | "changed" | "vanished" | "returned";
  /** The versions of then and of now; null where there was none. */
  readonly versions: { readonly before: number | null; readonly after: number };
  /** When the present version was recorded, ms. */
  readonly atMs: number;
  readonly changes: readonly QuantityChange[];
}

/** Null where the payload is erased or the source does not say. Money in pico-dollars. */
export interface QuantityChange {
  readonly quantity: Quantity;
  readonly before: bigint | null;
  readonly after: bigint | null;
}

/**
 * Every record of a report whose figures differ between the end of a UTC day and now, by stream, organization and day.
 *
 * A day that was read for the first time since is no restatement. A record that was changed and changed back is none
 * either: both versions stay in the ledger, and this report is about figures.
 */
export async function* restatements(
  tx: Tx,
  scope: Scope,
  {
    since,
    span,
    streams: names,
  }: { readonly since: DayNumber; readonly span: Span; readonly streams?: readonly string[] },
): AsyncGenerator<Restatement> {
  const sinceMs = (since + 1) * DAY_MS;
  for (const stream of streams) {
    if (stream.shape.kind !== "report" || names?.includes(stream.name) === false) continue;
    let versions: StoredVersion[] = [];
    for await (const version of changedRecords(tx, scope, { stream: stream.name, ...span, sinceMs })) {
      if (versions.length > 0 && !isSame(versions[0]!, version)) {
        yield* compared(stream, versions, sinceMs);
        versions = [];
      }
      versions.push(version);
    }
    if (versions.length > 0) yield* compared(stream, versions, sinceMs);
  }
}

function isSame(one: StoredVersion, other: StoredVersion): boolean {
  return one.organizationId === other.organizationId && one.day === other.day && one.nk === other.nk;
}

function compared(stream: Stream, versions: readonly StoredVersion[], sinceMs: number): Restatement[] {
  const now = versions.at(-1)!;
  const then = versions.findLast(({ atMs }) => atMs < sinceMs) ?? null;
  const [was, is] = [then !== null && then.state !== "gone", now.state !== "gone"];
  if (!was && !is) return [];
  const [before, after] = [was ? countedRows(then!) : [], is ? countedRows(now) : []];
  const changes = quantitiesOf(stream).flatMap(({ quantity, fact }) => {
    const [then, now] = [before, after].map((rows) => amountOf(rows, quantity, fact));
    const isUntold = (then === null || now === null) && (before?.length === 0 || after?.length === 0);
    return then === now || isUntold ? [] : [{ quantity, before: then ?? null, after: now ?? null }];
  });
  const isErased = (before === null && was) || (after === null && is);
  if (changes.length === 0 && !isErased && was === is) return [];
  const [, ...key] = JSON.parse(now.nk) as Json[];
  return [
    {
      stream: stream.name,
      organizationId: now.organizationId,
      day: now.day!,
      key,
      kind: was ? (is ? "changed" : "vanished") : then === null ? "added" : "returned",
      versions: { before: then?.ver ?? null, after: now.ver },
      atMs: now.atMs,
      changes,
    },
  ];
}

/** The rows that a version is projected to; null when its payload is erased. A conflicted one counts nowhere. */
function countedRows(version: StoredVersion): Row[] | null {
  return version.conflicted && version.payload !== null ? [] : rowsOfVersion(version);
}

/** Where there is no row there is nothing, which is 0; where the rows do not tell it, it is unknown. */
function amountOf(rows: readonly Row[] | null, quantity: Quantity, fact: Fact): bigint | null {
  if (rows === null) return null;
  return rows.length === 0 ? 0n : sumOf(rows, quantity, fact, []);
}
