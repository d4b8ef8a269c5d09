import { dayOfText, dayText, tryDay, type DayNumber, type Json } from "../domain/index.ts";
import { canonicalJson, sha256Hex, type Leaf } from "../ledger/index.ts";
import type { Stream } from "../source/index.ts";
import type { NewVersion } from "../store/index.ts";

/** A version of a record as its leaf and payload tell it, with nothing taken from the database. */
export interface ToldVersion {
  readonly organizationId: string;
  readonly version: NewVersion;
}

/**
 * Reads a `rec` or `gone` leaf.
 *
 * @param before the version of the same thing before it: what is gone is still what it was
 */
export function versionOf(
  stream: Pick<Stream, "shape">,
  index: number,
  leaf: Leaf,
  payload: string,
  before: Pick<NewVersion, "dataSha256" | "conflicted"> | null,
): ToldVersion {
  const { key, data, day, imported, rerecorded } = JSON.parse(payload) as RecordPayload;
  const isGone = leaf.t === "gone";
  const version: NewVersion = {
    nk: canonicalJson(key),
    day: day === undefined ? dayInKey(stream, key) : day === null ? null : tryDay(day),
    id: leaf.id,
    ver: leaf.ver,
    leafIndex: index,
    state: isGone ? "gone" : "rec",
    dataSha256: isGone ? (before?.dataSha256 ?? "") : sha256Hex(canonicalJson(data)),
    // The objects of rows that share a key stand in a list.
    conflicted: isGone ? (before?.conflicted ?? false) : Array.isArray(data),
    // What a new log took over from the one before was believed since it stood there.
    // And what an erasure recorded again was believed since it was recorded first.
    atMs: Date.parse(imported?.at ?? rerecorded?.at ?? leaf.at),
  };
  const [organizationId] = key;
  if (typeof organizationId !== "string") throw new TypeError(`leaf ${index} has a key without an organization`);
  return { organizationId, version };
}

/** The `day` member of a payload and a comma, before `key`, where the key itself does not say the day; else nothing. */
export function dayMember(stream: Pick<Stream, "shape">, key: readonly Json[], day: DayNumber | null): string {
  if (dayInKey(stream, key) === day) return "";
  return `"day":${day === null ? "null" : JSON.stringify(dayText(day))},`;
}

/** The day of a report's record is that of its bucket, which comes after the organization. A list has none. */
function dayInKey({ shape }: Pick<Stream, "shape">, key: readonly Json[]): DayNumber | null {
  const [, start] = key;
  return shape.kind === "report" && typeof start === "string" ? dayOfText(start) : null;
}

interface RecordPayload {
  readonly key: readonly Json[];
  readonly data?: Json;
  readonly day?: string | null;
  readonly imported?: { readonly at: string };
  readonly rerecorded?: { readonly at: string };
}
