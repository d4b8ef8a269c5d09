import type { Population, Span } from "../domain/index.ts";
import type { ActiveBits } from "../store/index.ts";
import type { Asking } from "./asking.ts";
import { addDay, applyIdentity, emptyBits, maskOf } from "./bits.ts";
import type { DayBits } from "./bits.ts";
import { identityLabel } from "./identity.ts";
import type { Identities } from "./identity.ts";
import type { Organization } from "./organizations.ts";
import type { ActiveRule } from "./types.ts";

/** Who was active on which day, one bit a person (or a service), over some organizations. */
export interface ActivePeople {
  readonly set: DayBits;
  /** The code that stands for a person's team-mates: filled for `teams` only. */
  readonly teamMasks: ReadonlyMap<string | null, Uint32Array>;
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
  const teams = withTeams ? await teamCodes(asking, who, folds, spelled) : new Map<string, number[]>();
  let highest = 0;
  for (const { bits } of stored) highest = Math.max(highest, bits.length * 8);
  for (const codes of folds) highest = Math.max(highest, ...codes);
  const words = (highest >>> 5) + 1;
  const set = emptyBits(span.from, span.to - span.from, words);
  for (const { day, bits } of stored) addDay(set, day, bits);
  applyIdentity(set, await populationMask(asking, who, population, words), folds);
  return { set, teamMasks: withTeams ? masksOf(teams, words) : new Map() };
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

/** Codes of the people of each team; a person without a mailbox among the actors has none. */
async function teamCodes(
  asking: Asking,
  who: Identities,
  folds: readonly (readonly [number, number])[],
  spelled: ReadonlyMap<number, string>,
): Promise<Map<string, number[]>> {
  const teams = new Map<string, number[]>();
  const inTeams = [...who.known].filter(([, row]) => row.team !== null);
  const emails = inTeams.flatMap(([, row]) => row.emails.map((email) => `user:${email.trim().toLowerCase()}`));
  const codes = await asking.texts.codes("actor", emails);
  const keys = await asking.nonUserActors();
  const homes = new Map(folds);
  const add = (team: string, code: number) => {
    const members = teams.get(team) ?? [];
    teams.set(team, members);
    members.push(homes.get(code) ?? code);
  };
  for (const [, row] of inTeams) {
    for (const email of row.emails) {
      const code = codes.get(`user:${email.trim().toLowerCase()}`);
      if (code !== undefined) add(row.team!, code);
    }
  }
  for (const [code, actor] of [...keys, ...spelled]) {
    const identity = who.ofActor(actor);
    const team = identity.population === "humans" ? who.teamOf(identity.person) : null;
    if (team !== null) add(team, code);
  }
  return teams;
}

function masksOf(teams: ReadonlyMap<string, number[]>, words: number): Map<string | null, Uint32Array> {
  const masks = new Map<string | null, Uint32Array>();
  const nobody = new Uint32Array(words).fill(0xffffffff);
  for (const [team, codes] of teams) {
    const mask = maskOf(codes, words);
    masks.set(team, mask);
    mask.forEach((word, at) => (nobody[at]! &= ~word));
  }
  return masks.set(null, nobody);
}
