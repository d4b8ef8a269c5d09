import type { DayNumber, Span } from "../domain/index.ts";
import type { Asking } from "./asking.ts";
import { bucketOf, bucketText, bucketsOf } from "./buckets.ts";
import type { RangeCoverage } from "./coverage.ts";
import { nothing } from "./evaluate.ts";
import type { Evaluated } from "./evaluate.ts";
import type { AnswerRow } from "./types.ts";

type Text = string | null;

export interface Placed {
  readonly dims: readonly Text[];
  readonly bucket: DayNumber | null;
  readonly source: string;
  /** Its sums, where any row went into it. */
  readonly values?: ReadonlyMap<string, bigint | null>;
}

/** Whether some row went into a group: people that it is divided by are none. */
export function hasRows({ values }: Placed): boolean {
  return values !== undefined && (values.size > 1 || (values.size === 1 && !values.has("active")));
}

/** Above this many rows a breakdown by time shows only the buckets in which something happened. */
const MOST_FILLED = 50_000;

/**
 * Groups as rows: a breakdown by time has every bucket, 0 where the day is covered and nothing happened, null where it
 * was not collected. By time they stand oldest first, else by size.
 */
export function rowsOf<G extends Placed>(
  asking: Asking,
  span: Span,
  range: RangeCoverage,
  groups: readonly G[],
  empty: (place: Placed) => G,
  evaluate: (group: G) => Evaluated,
  defaultSource: string,
): AnswerRow[] {
  const { by, grain } = asking.resolved;
  const { places, sorted } = grain
    ? fill(asking, span, groups, empty, defaultSource)
    : { places: [...groups], sorted: false };
  if (places.length === 0 && by.length === 0) places.push(empty({ dims: [], bucket: null, source: defaultSource }));
  const provisional = new Set(range.provisional.map((day) => (grain ? bucketOf(day, grain) : day)));
  const uncollected = uncollectedBuckets(asking, span, range);
  const nothingRead = range.coverage.missing.length > 0 && isUncollected(range);
  const evaluated = places.map((group) => {
    const missing = grain ? uncollected.has(group.bucket!) : nothingRead;
    const own = evaluate(group);
    // Data that are there count, be they 0, also when the window they came in was not read to its end.
    const unknown = missing && own.weight === 0n && !hasRows(group);
    return { group, result: unknown ? nothing("not_collected_yet") : own };
  });
  if (!sorted) evaluated.sort((a, b) => compare(a.group, b.group, a.result.weight, b.result.weight));
  const bucketTexts = new Map(
    grain ? bucketsOf(span, grain).map(({ bucket }) => [bucket, bucketText(bucket, grain)]) : [],
  );
  return evaluated.map(({ group, result }) => {
    // Member by member: a year by model is thousands of rows, and spreading each costs more than reading it.
    const row: { -readonly [K in keyof AnswerRow]: AnswerRow[K] } = { value: null, source: group.source };
    by.forEach((dimension, at) => (row[dimension.id] = group.dims[at] ?? null));
    if (grain) row[grain] = bucketTexts.get(group.bucket!)!;
    row.value = result.value;
    if (result.reason) row.reason = result.reason;
    if (result.lowSample) row.lowSample = true;
    if (grain && provisional.has(group.bucket!)) row.provisional = true;
    if (grain === "day" && range.stateOf(group.bucket!) === "partial") row.partial = true;
    return row;
  });
}

/** The parts of an evaluation that an answer shows. */
export function spread({ value, reason, lowSample }: Evaluated) {
  return { value, ...(reason ? { reason } : {}), ...(lowSample ? { lowSample } : {}) };
}

/** Whether nothing of the range was read at all. */
export function isUncollected({ coverage }: RangeCoverage): boolean {
  return coverage.covered + coverage.partial === 0;
}

/** Every bucket of every series, oldest first; only what happened when that would be too many. */
function fill<G extends Placed>(
  asking: Asking,
  span: Span,
  groups: readonly G[],
  empty: (place: Placed) => G,
  defaultSource: string,
): { readonly places: G[]; readonly sorted: boolean } {
  const { by, grain } = asking.resolved;
  const buckets = bucketsOf(span, grain!);
  const at = new Map(buckets.map(({ bucket }, index) => [bucket, index]));
  const series = new Map<string, Series<G>>();
  const add = (dims: readonly Text[], source: string) => {
    const key = placeKey({ dims, bucket: null, source });
    const one = series.get(key) ?? { dims, bucket: null, source, own: [] };
    series.set(key, one);
    return one;
  };
  // Groups of one series mostly share their texts, so that the key is spelled once a series and not once a group.
  const byDims = new Map<readonly Text[], Series<G>>();
  for (const group of groups) {
    const before = byDims.get(group.dims);
    const one = before?.source === group.source ? before : add(group.dims, group.source);
    byDims.set(group.dims, one);
    one.own[at.get(group.bucket!)!] = group;
  }
  if (series.size === 0 && by.length === 0) add([], defaultSource);
  if (series.size * buckets.length > MOST_FILLED) {
    asking.warnings.push({
      code: "idle_buckets_left_out",
      message: `Only the buckets in which something happened are listed: all of them would be ${series.size * buckets.length} rows.`,
    });
    return { places: [...groups], sorted: false };
  }
  const ordered = [...series.values()].sort((a, b) => compare(a, b, 0n, 0n));
  const places = buckets.flatMap(({ bucket }, index) =>
    ordered.map(({ dims, source, own }) => own[index] ?? empty({ dims, bucket, source })),
  );
  return { places, sorted: true };
}

/** The groups of one place, by the number of their bucket. */
interface Series<G> extends Placed {
  readonly own: G[];
}

function uncollectedBuckets(asking: Asking, span: Span, range: RangeCoverage): ReadonlySet<DayNumber> {
  const { grain } = asking.resolved;
  if (!grain || range.coverage.missing.length === 0) return new Set();
  const none = bucketsOf(span, grain).filter(({ days }) => {
    for (let day = days.from; day < days.to; day++) if (range.stateOf(day) !== "missing") return false;
    return true;
  });
  return new Set(none.map(({ bucket }) => bucket));
}

/** One text a place. Control characters part the texts; a text that holds one is spelled out as JSON. */
export function placeKey({ dims, bucket, source }: Placed): string {
  let key = `${bucket ?? ""}\u0001${source}`;
  for (const text of dims) key += text === null ? "\u0001\u0002" : `\u0001${plain(text)}`;
  return key;
}

function plain(text: string): string {
  return text.includes("\u0001") || text.startsWith("\u0002") ? `\u0002${JSON.stringify(text)}` : text;
}

function compare(a: Placed, b: Placed, weightA: bigint, weightB: bigint): number {
  if (a.bucket !== b.bucket) return (a.bucket ?? 0) - (b.bucket ?? 0);
  if (a.bucket === null && weightA !== weightB) return weightA > weightB ? -1 : 1;
  for (const [at, text] of a.dims.entries()) {
    const order = byName(text, b.dims[at] ?? null);
    if (order !== 0) return order;
  }
  return a.source < b.source ? -1 : a.source > b.source ? 1 : 0;
}

/** What has no name stands last. */
export function byName(a: Text, b: Text): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}
