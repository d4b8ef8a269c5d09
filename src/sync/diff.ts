import type { DayNumber, Json, JsonObject } from "../domain/index.ts";
import { canonicalJson, sha256Hex } from "../ledger/index.ts";
import type { RecordDraft } from "../source/index.ts";
import type { CurrentRecord } from "../store/index.ts";

/** One natural key as a window's pages show it. */
export interface Seen {
  readonly nk: string;
  readonly key: readonly Json[];
  readonly day: DayNumber | null;
  /** Which page showed it first. */
  readonly page: number;
  /** Canonical JSON of `data`: the object, or the list of all objects when rows share the key. */
  readonly dataText: string;
  readonly dataSha256: string;
  readonly data: JsonObject | null;
  readonly conflicted: boolean;
}

export interface Diff {
  readonly fresh: readonly Seen[];
  readonly changed: readonly { readonly seen: Seen; readonly was: CurrentRecord }[];
  readonly unchanged: number;
  readonly gone: readonly CurrentRecord[];
}

/**
 * Brings the rows of a window to one entry a natural key.
 *
 * Equal rows (a page that came twice) are one. Different rows with one key are a conflict: kept together, in an order
 * that does not depend on the order of arrival, and never summed (F43, F47).
 */
export function seenRecords(pages: readonly { readonly records: readonly RecordDraft[] }[]): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  pages.forEach((page, index) => {
    for (const draft of page.records) {
      const nk = canonicalJson(draft.key);
      const dataText = canonicalJson(draft.data);
      const before = seen.get(nk);
      if (before === undefined) {
        const { key, day, data } = draft;
        seen.set(nk, { nk, key, day, page: index, dataText, dataSha256: sha256Hex(dataText), data, conflicted: false });
      } else if (before.dataText !== dataText) {
        seen.set(nk, conflict(before, dataText));
      }
    }
  });
  return seen;
}

/**
 * What a window brings: unknown key → fresh; known and equal → nothing; different, or back again → changed; missing
 * from `covered` (the current records that the window speaks for, empty unless it was read whole) → gone.
 */
export function diffRecords(
  seen: ReadonlyMap<string, Seen>,
  current: ReadonlyMap<string, CurrentRecord>,
  covered: Iterable<CurrentRecord>,
): Diff {
  const fresh: Seen[] = [];
  const changed: { seen: Seen; was: CurrentRecord }[] = [];
  let unchanged = 0;
  for (const entry of seen.values()) {
    const was = current.get(entry.nk);
    if (was === undefined) fresh.push(entry);
    else if (was.state === "rec" && was.dataSha256 === entry.dataSha256) unchanged += 1;
    else changed.push({ seen: entry, was });
  }
  const gone = [...covered].filter((record) => record.state === "rec" && !seen.has(record.nk));
  return { fresh, changed, unchanged, gone };
}

function conflict(before: Seen, dataText: string): Seen {
  const all = before.conflicted ? splitList(before.dataText) : [before.dataText];
  if (all.includes(dataText)) return before;
  const list = `[${[...all, dataText].toSorted().join(",")}]`;
  return { ...before, dataText: list, dataSha256: sha256Hex(list), data: null, conflicted: true };
}

function splitList(listText: string): string[] {
  return (JSON.parse(listText) as Json[]).map(canonicalJson);
}
