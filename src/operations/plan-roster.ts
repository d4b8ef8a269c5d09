import { dayText, type DayNumber, type Random } from "../domain/index.ts";
import type { PersonRow } from "../store/index.ts";
import type { DatedPost, Listed, Post } from "./read-people.ts";

/** One field of a person, before and after. */
export interface FieldChange {
  readonly field: "name" | "emails" | "team" | "costCentre" | "manager" | "startsOn" | "endsOn" | "inRoster";
  readonly before: string | null;
  readonly after: string | null;
  /** Of team, cost centre and manager: from which day on; null is for all the past. */
  readonly from: string | null;
}

export interface ChangedPerson {
  readonly person: PersonRow;
  readonly changes: readonly FieldChange[];
}

/** What loading a list would make of the people that are kept. */
export interface RosterPlan {
  /** Everybody, those who left included. */
  readonly rows: readonly PersonRow[];
  readonly added: readonly PersonRow[];
  readonly changed: readonly ChangedPerson[];
  /** Listed before and no more. */
  readonly removed: readonly PersonRow[];
  readonly unchanged: number;
}

export interface RosterRules {
  /** From when a place holds of which the list says no day. */
  readonly from: DayNumber;
  /** Ids of people who own keys: they stay known, the keys would be nobody's otherwise. */
  readonly owning: ReadonlySet<string>;
  readonly random: Random;
}

/**
 * Compares a list with the people that are kept.
 *
 * A person who shares an address with one that is known keeps that id. Who is listed no more has left on the day
 * before `from`, and keeps the past. A new person's place holds for all the past, a known one's from `from` on, unless
 * the list says a day.
 */
export function planRoster(before: readonly PersonRow[], listed: readonly Listed[], rules: RosterRules): RosterPlan {
  const idOf = new Map(before.flatMap(({ personId, emails }) => emails.map((email) => [email, personId] as const)));
  const byId = new Map(before.map((person) => [person.personId, person]));
  const taken = new Set<string>();
  const added: PersonRow[] = [];
  const changed: ChangedPerson[] = [];
  const rows = listed.map((one) => {
    const personId = one.emails.map((email) => idOf.get(email)).find((id) => id !== undefined && !taken.has(id));
    const known = personId === undefined ? undefined : byId.get(personId);
    const row = personRow(one, known, rules);
    taken.add(row.personId);
    const changes = known === undefined ? [] : changesOf(known, row);
    if (known === undefined) added.push(row);
    else if (changes.length > 0) changed.push({ person: row, changes });
    return row;
  });
  const addresses = new Set(rows.flatMap(({ emails }) => emails));
  const others = before.filter(({ personId }) => !taken.has(personId));
  const removed = others.filter(({ inRoster }) => inRoster);
  const left = others.flatMap((person) => {
    // An address that is somebody else's now would otherwise be two people's.
    const emails = person.emails.filter((email) => !addresses.has(email));
    const row = person.inRoster ? { ...person, emails, ...leaving(person, rules.from) } : { ...person, emails };
    const wasThere = row.endsOn === null || row.startsOn === null || row.startsOn <= row.endsOn;
    return wasThere || rules.owning.has(row.personId) ? [row] : [];
  });
  const unchanged = rows.length - added.length - changed.length;
  return { rows: [...rows, ...left], added, changed, removed, unchanged };
}

/** How somebody stands in the list who is there no more from a day on. */
export function leaving({ endsOn }: PersonRow, from: DayNumber): Pick<PersonRow, "inRoster" | "endsOn"> {
  return { inRoster: false, endsOn: Math.min(endsOn ?? Infinity, from - 1) };
}

/** A person as kept from now on. */
export function personRow(
  { posts, ...listed }: Listed,
  known: PersonRow | undefined,
  { from, random }: Pick<RosterRules, "from" | "random">,
): PersonRow {
  const personId = known?.personId ?? `p_${random.bytes(6).toString("hex")}`;
  const { team, costCentre, manager } = listed;
  const post = { team, costCentre, manager };
  return withPosts({ personId, ...listed }, posts ? dated(known, posts) : since(known, post, from));
}

/** The person's places, oldest first; the first from the beginning of time. */
export function postsOf(person: PersonRow): DatedPost[] {
  const posts: DatedPost[] = [];
  let from: DayNumber | null = null;
  for (const { until, team, costCentre, manager } of person.earlier ?? []) {
    posts.push({ from, team, costCentre, manager });
    from = until;
  }
  const { team, costCentre, manager } = person;
  return [...posts, { from, team, costCentre, manager }];
}

/** What differs between two states of one person, field by field. */
export function changesOf(before: PersonRow, after: PersonRow): FieldChange[] {
  const day = (value: DayNumber | null) => (value === null ? null : dayText(value));
  const plain: FieldChange[] = [
    { field: "name" as const, before: before.name, after: after.name, from: null },
    { field: "emails" as const, before: before.emails.join(" "), after: after.emails.join(" "), from: null },
    { field: "startsOn" as const, before: day(before.startsOn), after: day(after.startsOn), from: null },
    { field: "endsOn" as const, before: day(before.endsOn), after: day(after.endsOn), from: null },
    { field: "inRoster" as const, before: String(before.inRoster), after: String(after.inRoster), from: null },
  ];
  const placed = new Map<string, FieldChange>();
  for (const post of postsOf(after)) {
    const then = postOn(before, post.from ?? -Infinity);
    for (const field of ["team", "costCentre", "manager"] as const) {
      if (then[field] === post[field]) continue;
      const from = day(post.from);
      placed.set(`${field} ${from}`, { field, before: then[field], after: post[field], from });
    }
  }
  // A change that is taken back shows in no place that is left.
  const last = postsOf(before).at(-1)!;
  const kept = postOn(after, last.from ?? -Infinity);
  for (const field of ["team", "costCentre", "manager"] as const) {
    if (kept[field] === last[field] || [...placed.values()].some((one) => one.field === field)) continue;
    placed.set(field, { field, before: last[field], after: kept[field], from: day(last.from) });
  }
  return [...plain.filter((one) => one.before !== one.after), ...placed.values()];
}

/** The place of a person on a day. */
export function postOn(person: PersonRow, day: number): Post {
  return person.earlier?.find(({ until }) => day < until) ?? person;
}

/** A place from a day on, of somebody whose earlier places stay; for all time of somebody new. */
function since(known: PersonRow | undefined, post: Post, from: DayNumber): DatedPost[] {
  if (known === undefined) return [{ ...post, from: null }];
  // The place that the person has then: a later change that is known already stays.
  if (isSame(postOn(known, from), post)) return postsOf(known);
  return [...postsOf(known).filter((one) => (one.from ?? -Infinity) < from), { ...post, from }];
}

function dated(known: PersonRow | undefined, posts: readonly DatedPost[]): DatedPost[] {
  const first = posts[0]!.from;
  if (first === null) return [...posts];
  const nowhere = { from: null, team: null, costCentre: null, manager: null };
  const before = known ? postsOf(known) : [nowhere];
  return [...before.filter((one) => (one.from ?? -Infinity) < first), ...posts];
}

/** Puts places into a person, those that change nothing left out. */
export function withPosts(person: PersonRow, posts: readonly DatedPost[]): PersonRow {
  const kept = posts.filter((post, at) => at === 0 || !isSame(post, posts[at - 1]!));
  const { from: _, ...last } = kept.at(-1)!;
  const earlier = kept.slice(0, -1).map(({ from: __, ...post }, at) => ({ ...post, until: kept[at + 1]!.from! }));
  const { earlier: ___, ...rest } = person;
  return { ...rest, ...last, ...(earlier.length === 0 ? {} : { earlier }) };
}

function isSame(a: Post, b: Post): boolean {
  return a.team === b.team && a.costCentre === b.costCentre && a.manager === b.manager;
}
