import type { Population, Span } from "../domain/index.ts";
import type { ActiveBits } from "../store/index.ts";
import type { Asking } from "./asking.ts";
import { addDay, applyIdentity, emptyBits, maskOf } from "./bits.ts";
import type { DayBits } from "./bits.ts";
import { identityLabel } from "./identity.ts";
import type { Identities, TeamDays } from "./identity.ts";
import type { Organization } from "./organizations.ts";
import type { ActiveRule } from "./types.ts";

/** Who was active on which day, one bit a person (or a service), over some organizations. */
export interface ActivePeople {
  readonly set: DayBits;
  /** Everybody who was in the team on any of the days: filled when teams are asked for only. */
  readonly teamMasks: ReadonlyMap<string | null, Uint32Array>;
  /** The set with the bits that count for these teams only: those of a person of other teams on a day are not set. */
  ofTeams(teams: ReadonlySet<string | null>): DayBits;
}

/**
 * Reads the daily bit sets and folds actors into people.
 *
 * Only actors that need it are looked at: odd spellings, aliases, keys. All other e-mails are people as they stand.
 */
export async function activePeople(
  asking: Asking,
  organizations: readonly Organization[],
  span: Span,
  rule: ActiveRule,
  population: Population,
  withTeams: boolean,
): Promise<ActivePeople> {
  const stored = await storedBits(asking, organizations, span, rule);
  const who = await asking.identities();
  const spelled = await asking.oddlySpelledActors();
  const folds = await foldsOf(asking, who, spelled);
  const teams = withTeams ? await teamCodes(asking, who, folds, spelled, span) : { codes: NO_CODES, moves: [] };
  let highest = 0;
  for (const { bits } of stored) highest = Math.max(highest, bits.length * 8);
  for (const codes of folds) highest = Math.max(highest, ...codes);
  const words = (highest >>> 5) + 1;
  const set = emptyBits(span.from, span.to - span.from, words);
  for (const { day, bits } of stored) addDay(set, day, bits);
  applyIdentity(set, await populationMask(asking, who, population, words), folds);
  return {
    set,
    teamMasks: withTeams ? masksOf(teams, words) : new Map(),
    ofTeams: (asked) => withoutOtherTeams(set, teams.moves, asked),
  };
}

async function storedBits(
  asking: Asking,
  organizations: readonly Organization[],
  span: Span,
  rule: ActiveRule,
): Promise<ActiveBits[]> {
  const wanted = new Set(organizations.map(({ id }) => id));
  const all = await asking.activeBits(rule, span);
  return all.filter(({ organizationId }) => wanted.has(organizationId));
}

/** `[actor, its person's actor]` for every actor that is not its person's own. */
async function foldsOf(
  asking: Asking,
  who: Identities,
  spelled: ReadonlyMap<number, string>,
): Promise<readonly (readonly [number, number])[]> {
  const odd = new Map<number, string>([...spelled, ...(await asking.nonUserActors())]);
  const aliases = [...who.aliases].map((email) => `user:${email}`);
  for (const [actor, code] of await asking.texts.codes("actor", aliases)) if (actor !== null) odd.set(code, actor);
  // People by their name, services by theirs: a key with two names is one service.
  const byOwner = new Map<string, number[]>();
  for (const [code, actor] of odd) {
    const identity = who.ofActor(actor);
    const owner = identity.population === "humans" ? `user:${identity.person}` : identityLabel(identity);
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), code]);
  }
  const own = await asking.texts.codes("actor", byOwner.keys());
  return [...byOwner].flatMap(([owner, codes]) => {
    const home = own.get(owner) ?? Math.min(...codes);
    return codes.filter((code) => code !== home).map((code) => [code, home] as const);
  });
}

/** Who counts: null is everybody. */
async function populationMask(
  asking: Asking,
  who: Identities,
  population: Population,
  words: number,
): Promise<Uint32Array | null> {
  if (population === "all") return null;
  const others = [...(await asking.nonUserActors())];
  const codesOf = (wanted: (population: Population) => boolean) =>
    others.filter(([, actor]) => wanted(who.ofActor(actor).population)).map(([code]) => code);
  if (population !== "humans")
    return maskOf(
      codesOf((one) => one === population),
      words,
    );
  const strangers = codesOf((one) => one !== "humans");
  return strangers.length === 0 ? null : maskOf(strangers, words).map((word) => ~word);
}

const NO_CODES: ReadonlyMap<string | null, number[]> = new Map();

interface TeamCodes {
  /** Codes of everybody who was in the team on any of the days; a person without a mailbox among the actors has none. */
  readonly codes: ReadonlyMap<string | null, number[]>;
  /** Of those who changed team during the days, the code and the days in each. */
  readonly moves: readonly { readonly code: number; readonly teams: readonly TeamDays[] }[];
}

async function teamCodes(
  asking: Asking,
  who: Identities,
  folds: readonly (readonly [number, number])[],
  spelled: ReadonlyMap<number, string>,
  span: Span,
): Promise<TeamCodes> {
  const emails = new Map<string, string>();
  for (const [person, row] of who.known) {
    if (row.team === null && !who.moved.has(person)) continue;
    for (const email of row.emails) emails.set(`user:${email.trim().toLowerCase()}`, person);
  }
  const personOf = new Map<number, string>();
  const homes = new Map(folds);
  const note = (code: number, person: string) => personOf.set(homes.get(code) ?? code, person);
  for (const [actor, code] of await asking.texts.codes("actor", emails.keys())) {
    if (actor !== null) note(code, emails.get(actor)!);
  }
  for (const [code, actor] of [...(await asking.nonUserActors()), ...spelled]) {
    const identity = who.ofActor(actor);
    if (identity.population === "humans" && who.known.has(identity.person)) note(code, identity.person);
  }
  const codes = new Map<string | null, number[]>();
  const moves: { code: number; teams: readonly TeamDays[] }[] = [];
  for (const [code, person] of personOf) {
    const teams = who.teamsOf(person, span);
    if (teams.length > 1) moves.push({ code, teams });
    for (const team of new Set(teams.map((one) => one.team))) {
      const members = codes.get(team) ?? [];
      codes.set(team, members);
      members.push(code);
    }
  }
  return { codes, moves };
}

function masksOf({ codes }: TeamCodes, words: number): Map<string | null, Uint32Array> {
  const masks = new Map<string | null, Uint32Array>();
  const nobody = new Uint32Array(words).fill(0xffffffff);
  for (const [team, members] of codes) {
    if (team === null) continue;
    const mask = maskOf(members, words);
    masks.set(team, mask);
    mask.forEach((word, at) => (nobody[at]! &= ~word));
  }
  // Who was without a team on some of the days counts there on those.
  maskOf(codes.get(null) ?? [], words).forEach((word, at) => (nobody[at]! |= word));
  return masks.set(null, nobody);
}

function withoutOtherTeams(set: DayBits, moves: TeamCodes["moves"], asked: ReadonlySet<string | null>): DayBits {
  const partly = moves.filter(
    ({ teams }) => teams.some(({ team }) => asked.has(team)) && !teams.every(({ team }) => asked.has(team)),
  );
  if (partly.length === 0) return set;
  const bits = set.bits.slice();
  for (const { code, teams } of partly) {
    for (const { team, days } of teams) {
      if (asked.has(team)) continue;
      for (let day = days.from; day < days.to; day++) {
        bits[(day - set.from) * set.words + (code >>> 5)]! &= ~(1 << (code & 31));
      }
    }
  }
  return { ...set, bits };
}
