import type { Span } from "../domain/index.ts";
import type { Asking } from "./asking.ts";
import type { Contribution, Enough } from "./contributors.ts";
import type { Dimension } from "./dimensions.ts";
import type { Identities } from "./identity.ts";
import type { Organization } from "./organizations.ts";
import type { ActiveRule } from "./types.ts";

type Text = string | null;

/** Dimensions that the daily bit sets tell apart. */
export const IN_BITS: ReadonlySet<string> = new Set(["organization", "team"]);

/** So many actors are looked up at a time when a few people are enough. */
const CHUNK = 256;

export interface BitsRequest {
  readonly organizations: readonly Organization[];
  readonly dims: readonly Dimension[];
  readonly span: Span;
  readonly rule: ActiveRule;
  readonly enough: Enough | null;
}

/** Who used Claude Code on any of the days, from the daily bit sets: without a look at the rows. */
export async function contributorsInBits(asking: Asking, request: BitsRequest): Promise<Contribution[]> {
  const { dims, span, rule, enough } = request;
  const who = await asking.identities();
  const all = await asking.activeBits(rule, span);
  const found: Contribution[] = [];
  const people = new Set<string>();
  for (const organization of request.organizations) {
    const days = all.filter(({ organizationId }) => organizationId === organization.id);
    const codes = codesIn(days.map(({ bits }) => bits));
    for (let at = 0; at < codes.length; at += enough ? CHUNK : codes.length) {
      const chunk = enough ? codes.slice(at, at + CHUNK) : codes;
      const texts = await asking.texts.of("actor", new Set(chunk));
      for (const code of chunk) {
        const identity = who.ofActor(texts.get(code) ?? "");
        const id = identity.population === "humans" ? `person:${identity.person}` : null;
        const own = {
          who: identity.population === "unmapped" ? `key:${identity.label}` : id,
          population: identity.population,
        };
        if (own.who !== null && (!enough || enough.population === "all" || enough.population === own.population))
          people.add(own.who);
        const isOn = (bits: Uint8Array) => ((bits[code >> 3] ?? 0) & (1 << (code & 7))) !== 0;
        const on = () => days.filter(({ bits }) => isOn(bits)).map(({ day }) => day);
        const teams = identity.population === "humans" ? teamsOf(who, identity.person, on) : [null];
        for (const team of dims.some(({ id }) => id === "team") ? teams : [null])
          found.push({ ...own, values: dims.map(({ id }) => (id === "team" ? team : organization.id)) });
      }
      if (enough && people.size >= enough.people) return found;
    }
  }
  return found;
}

function teamsOf(who: Identities, person: string, days: () => number[]): Text[] {
  if (!who.moved.has(person)) return [who.teamOf(person, null)];
  return [...new Set(days().map((day) => who.teamOf(person, day)))];
}

function codesIn(sets: readonly Uint8Array[]): number[] {
  const union = new Uint8Array(Math.max(0, ...sets.map((bits) => bits.length)));
  for (const bits of sets) for (let at = 0; at < bits.length; at++) union[at]! |= bits[at]!;
  const codes: number[] = [];
  for (const [at, byte] of union.entries()) {
    for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) codes.push(at * 8 + bit);
  }
  return codes;
}
