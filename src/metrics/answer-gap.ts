import type { DayNumber, Span } from "../domain/index.ts";
import type { Figures } from "./answer-sums.ts";
import type { Asking } from "./asking.ts";
import { bucketOf } from "./buckets.ts";
import type { Choice } from "./choose.ts";
import type { RangeCoverage } from "./coverage.ts";
import type { GapMeasure } from "./define.ts";
import { findDimension } from "./dimensions.ts";
import { addedUp, nothing } from "./evaluate.ts";
import type { Evaluated } from "./evaluate.ts";
import type { Quantity } from "./facts.ts";
import type { Organization } from "./organizations.ts";
import { placeKey, rowsOf, spread } from "./rows.ts";
import type { Placed } from "./rows.ts";
import { sum } from "./sums.ts";
import type { Group } from "./tally.ts";
import { shown } from "./values.ts";

/**
 * Answers by how much two reports of the same thing differ: what the older says less what the newer says.
 *
 * A day counts where both cover it, organization by organization: a day that one of them lacks would be all gap.
 */
export async function answerGap(
  asking: Asking,
  { older, newer }: GapMeasure,
  choices: readonly Choice[],
  span: Span,
  range: RangeCoverage,
): Promise<Figures> {
  const { by, grain, metric } = asking.resolved;
  const [before, after] = choices as readonly [Choice, Choice];
  const source = `${before.source} + ${after.source}`;
  const olderDays = await readSide(asking, before, older.plus, span);
  const newerDays = await readSide(asking, after, newer.plus, span);
  const unsplit = olderDays === null || newerDays === null;
  const total = emptyGap({ dims: [], bucket: null, source });
  const gaps = new Map<string, Gap>();
  const gapAt = (place: Placed): Gap => {
    const key = placeKey(place);
    const gap = gaps.get(key) ?? emptyGap(place);
    gaps.set(key, gap);
    return gap;
  };
  for (const organization of before.organizations) {
    const isCompared = await comparedDays(asking, choices, organization);
    const dims = by.length > 0 ? [organization.id] : [];
    for (let day = span.from; day < span.to; day++) {
      const gap = gapAt({ dims, bucket: grain === null ? null : bucketOf(day, grain), source });
      if (unsplit || !isCompared(day)) continue;
      const sides = [olderDays(organization, day), newerDays(organization, day)] as const;
      for (const one of [gap, total]) addDay(one, sides);
    }
  }
  const evaluate = (gap: Gap): Evaluated => {
    if (unsplit) return nothing("not_reported_by_source");
    if (gap.mixed) return nothing("mixed_currency");
    if (gap.unknown) return nothing("not_reported_by_source");
    if (gap.values.size === 0) return nothing("not_collected_yet");
    const difference = gap.values.get("older")! - gap.values.get("newer")!;
    // The largest first, whichever side it is on.
    return { value: shown(difference, metric.unit), weight: difference < 0n ? -difference : difference };
  };
  const ofTotal = evaluate(total);
  const part = (side: "older" | "newer") => shown(total.values.get(side)!, metric.unit);
  return {
    rows: rowsOf(asking, span, range, [...gaps.values()], emptyGap, evaluate, source),
    total: {
      ...spread(ofTotal),
      source,
      ...(ofTotal.value === null ? {} : { parts: { [before.source]: part("older"), [after.source]: part("newer") } }),
    },
  };
}

/** Both sides of one place, added up over its compared days; no value where there is none. */
interface Gap extends Placed {
  readonly values: Map<"older" | "newer", bigint>;
  mixed: boolean;
  /** One of the reports has rows of a compared day, and none of them says. */
  unknown: boolean;
}

function emptyGap({ dims, bucket, source }: Placed): Gap {
  return { dims, bucket, source, values: new Map(), mixed: false, unknown: false };
}

interface SideOfDay {
  readonly amount: bigint | null;
  readonly mixed: boolean;
}

function addDay(gap: Gap, [older, newer]: readonly [SideOfDay, SideOfDay]): void {
  gap.mixed ||= older.mixed || newer.mixed;
  gap.unknown ||= older.amount === null || newer.amount === null;
  gap.values.set("older", (gap.values.get("older") ?? 0n) + (older.amount ?? 0n));
  gap.values.set("newer", (gap.values.get("newer") ?? 0n) + (newer.amount ?? 0n));
}

/** What one side says of an organization's day, or null when it cannot tell the asked population apart. */
async function readSide(
  asking: Asking,
  choice: Choice,
  quantities: readonly Quantity[],
  span: Span,
): Promise<((organization: Organization, day: DayNumber) => SideOfDay) | null> {
  const { where, population } = asking.resolved;
  const by = [findDimension("organization")];
  const { groups, unsplit } = await sum(asking, [choice], { quantities, by, where, population, grain: "day", span });
  if (unsplit.size > 0) return null;
  const keyOf = (organizationId: string | null | undefined, day: DayNumber | null) => `${day} ${organizationId}`;
  const byDay = new Map<string, Group>(groups.map((group) => [keyOf(group.dims[0], group.bucket), group]));
  return (organization, day) => {
    const group = byDay.get(keyOf(organization.id, day));
    // A covered day without a row is a real 0.
    return group ? { amount: addedUp(group, quantities), mixed: group.mixed } : { amount: 0n, mixed: false };
  };
}

async function comparedDays(
  asking: Asking,
  choices: readonly Choice[],
  organization: Organization,
): Promise<(day: DayNumber) => boolean> {
  const streams = choices.flatMap((choice) => [...choice.facts.values()].map((fact) => fact.stream));
  const coverages = await Promise.all([...new Set(streams)].map((stream) => asking.coverage(organization, stream)));
  return (day) => coverages.every((coverage) => coverage.days.get(day)?.state === "complete");
}
