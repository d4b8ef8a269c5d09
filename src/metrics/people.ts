import type { DayNumber, Span } from "../domain/index.ts";
import { activePeople } from "./active.ts";
import { scanActive, type ScanRequest } from "./active-scan.ts";
import type { Asking } from "./asking.ts";
import { countOf, rollingCounts, unionOf } from "./bits.ts";
import type { DayBits } from "./bits.ts";
import { bucketOf, bucketsOf } from "./buckets.ts";
import type { Organization } from "./organizations.ts";
import type { Grain } from "./types.ts";

type Text = string | null;

/** How many people one group of an answer holds, and how many person-days. */
export interface PeopleGroup {
  readonly dims: readonly Text[];
  readonly bucket: DayNumber | null;
  readonly people: number;
  readonly personDays: number;
}

export interface PeopleRequest extends ScanRequest {
  readonly grain: Grain | null;
}

export interface PeopleCounts {
  readonly groups: readonly PeopleGroup[];
  /** Distinct over everything: never the sum of the groups. */
  readonly total: PeopleGroup;
}

/** Counts distinct people, from the daily bit sets where they can answer, else from the rows. */
export function countPeople(asking: Asking, request: PeopleRequest): Promise<PeopleCounts> {
  const kept = [...request.by, ...request.where.map((filter) => filter.dimension)].every(({ id }) => IN_BITS.has(id));
  return kept && !request.only ? countBits(asking, request) : countRows(asking, request);
}

const IN_BITS: ReadonlySet<string> = new Set(["organization", "team"]);

/** Sets to count in: one a combination of organization and team that was asked for. */
interface Slice {
  readonly dims: readonly Text[];
  readonly set: DayBits;
  readonly mask: Uint32Array | null;
}

async function countBits(asking: Asking, request: PeopleRequest): Promise<PeopleCounts> {
  const count = (slice: Slice, bucket: DayNumber | null, days: Span): PeopleGroup => ({
    dims: slice.dims,
    bucket,
    people: countOf(unionOf(slice.set, days.from, days.to), slice.mask),
    personDays: rollingSum(slice, days),
  });
  const [whole, slices] = await slicesOf(asking, request);
  const buckets = request.grain ? bucketsOf(request.span, request.grain) : [{ bucket: null, days: request.span }];
  const groups = slices.flatMap((slice) => buckets.map(({ bucket, days }) => count(slice, bucket, days)));
  return { groups: groups.filter((group) => group.people > 0), total: count(whole, null, request.span) };
}

/** The set over everything, and one slice a combination of the asked dimensions. */
async function slicesOf(
  asking: Asking,
  request: Pick<PeopleRequest, "organizations" | "span" | "rule" | "population" | "by" | "where">,
): Promise<readonly [Slice, readonly Slice[]]> {
  const { by, span, rule, population } = request;
  const teams = request.where.find(({ dimension }) => dimension.id === "team")?.values;
  const withTeams = teams !== undefined || by.some(({ id }) => id === "team");
  const read = async (organizations: readonly Organization[]) => {
    const { set, teamMasks, ofTeams } = await activePeople(asking, organizations, span, rule, population, withTeams);
    const asked = teams ? [...teamMasks].filter(([team]) => teams.has(team)) : [...teamMasks];
    return {
      set: teams ? ofTeams(teams) : set,
      teams: asked.map(([team, mask]) => ({ team, mask, set: ofTeams(new Set([team])) })),
      mask: teams
        ? unionMask(
            asked.map(([, own]) => own),
            set.words,
          )
        : null,
    };
  };
  const sliced = async (organizations: readonly Organization[], organization: Text): Promise<Slice[]> => {
    const { set, teams: asked, mask } = await read(organizations);
    const dimsOf = (team: Text) => by.map(({ id }) => (id === "team" ? team : organization));
    if (!by.some(({ id }) => id === "team")) return [{ dims: dimsOf(null), set, mask }];
    return asked.map(({ team, mask: own, set: ofTeam }) => ({ dims: dimsOf(team), set: ofTeam, mask: own }));
  };
  const { set, mask } = await read(request.organizations);
  const whole: Slice = { dims: [], set, mask };
  if (by.length === 0) return [whole, [whole]];
  if (!by.some(({ id }) => id === "organization")) return [whole, await sliced(request.organizations, null)];
  const each = await Promise.all(request.organizations.map((one) => sliced([one], one.id)));
  return [whole, each.flat()];
}

function unionMask(masks: readonly Uint32Array[], words: number): Uint32Array {
  const union = new Uint32Array(words);
  for (const mask of masks) mask.forEach((word, at) => (union[at]! |= word));
  return union;
}

function rollingSum({ set, mask }: Slice, days: Span): number {
  let sum = 0;
  for (let day = days.from; day < days.to; day++) {
    const start = (day - set.from) * set.words;
    sum += countOf(set.bits.subarray(start, start + set.words), mask);
  }
  return sum;
}

async function countRows(asking: Asking, request: PeopleRequest): Promise<PeopleCounts> {
  const active = await scanActive(asking, request);
  const groups = new Map<string, { dims: readonly Text[]; bucket: DayNumber | null; seen: Seen }>();
  const total = newSeen();
  for (const { dims, day, person } of active) {
    const bucket = request.grain ? bucketOf(day, request.grain) : null;
    const key = JSON.stringify([dims, bucket]);
    const group = groups.get(key) ?? { dims, bucket, seen: newSeen() };
    groups.set(key, group);
    note(group.seen, person, day);
    note(total, person, day);
  }
  const counted = ({ people, days }: Seen) => ({ people: people.size, personDays: days.size });
  return {
    groups: [...groups.values()].map(({ dims, bucket, seen }) => ({ dims, bucket, ...counted(seen) })),
    total: { dims: [], bucket: null, ...counted(total) },
  };
}

interface Seen {
  readonly people: Set<string>;
  readonly days: Set<string>;
}

function newSeen(): Seen {
  return { people: new Set(), days: new Set() };
}

function note(seen: Seen, person: string, day: DayNumber): void {
  seen.people.add(person);
  seen.days.add(`${day} ${person}`);
}

/** A slice's people of each day and the `window - 1` days before it. */
export interface RollingSeries {
  readonly dims: readonly Text[];
  readonly counts: readonly number[];
}

/** Rolling distinct people by day, for the whole and for each slice. */
export async function rollingPeople(
  asking: Asking,
  request: Omit<PeopleRequest, "grain" | "only">,
  window: number,
): Promise<{ readonly whole: readonly number[]; readonly series: readonly RollingSeries[] }> {
  const reach = { from: request.span.from - window + 1, to: request.span.to };
  const [whole, slices] = await slicesOf(asking, { ...request, span: reach });
  const counts = ({ set, mask }: Slice) => rollingCounts(set, window, mask).slice(window - 1);
  const first = counts(whole);
  return {
    whole: first,
    series: slices.map((slice) => ({ dims: slice.dims, counts: slice === whole ? first : counts(slice) })),
  };
}
