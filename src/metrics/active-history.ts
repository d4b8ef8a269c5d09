import type { DayNumber, Population, Span } from "../domain/index.ts";
import { activePeople } from "./active.ts";
import type { Asking } from "./asking.ts";
import { codesOfBits, unionOf } from "./bits.ts";
import { identityLabel } from "./identity.ts";

/** How regularly a person was active, over the 28 days that end with the range. */
export type FrequencyBand = "daily" | "weekly" | "occasional" | "lapsed" | "never";

/** When somebody was active, over everything that is held. */
export interface ActiveHistory {
  readonly first: DayNumber;
  readonly last: DayNumber;
  /** Days of the range. */
  readonly activeDays: readonly DayNumber[];
  /** Active days among the last 28 of the range's end. */
  readonly recent: number;
}

const RECENT = 28;
const DAILY = 16;
const WEEKLY = 4;

/** Everybody who was ever active until the end of the range, by the label that a split by person gives them. */
export async function activeHistories(
  asking: Asking,
  span: Span,
  through: DayNumber,
  population: Population,
): Promise<ReadonlyMap<string, ActiveHistory>> {
  const first = await firstDayHeld(asking, span.from);
  const whole = { from: first, to: span.to };
  const { set } = await activePeople(
    asking,
    asking.organizations,
    whole,
    asking.resolved.activeRule,
    population,
    false,
  );
  const seen = new Map<number, { first: DayNumber; last: DayNumber; days: DayNumber[]; recent: number }>();
  for (let day = whole.from; day < whole.to; day++) {
    for (const code of codesOfBits(unionOf(set, day, day + 1))) {
      const one = seen.get(code) ?? { first: day, last: day, days: [], recent: 0 };
      seen.set(code, one);
      one.last = day;
      if (day >= span.from) one.days.push(day);
      if (day > through - RECENT && day <= through) one.recent++;
    }
  }
  const who = await asking.identities();
  const actors = await asking.texts.of("actor", new Set(seen.keys()));
  return new Map(
    [...seen].flatMap(([code, { days, ...one }]) => {
      const actor = actors.get(code);
      return actor === undefined ? [] : [[identityLabel(who.ofActor(actor)), { ...one, activeDays: days }] as const];
    }),
  );
}

/** The last active day of each actor that is no e-mail, until the end of the range, owners not applied. */
export async function lastActiveActors(asking: Asking, span: Span): Promise<ReadonlyMap<string, DayNumber>> {
  const actors = await asking.nonUserActors();
  const wanted = new Set(asking.organizations.map(({ id }) => id));
  const last = new Map<string, DayNumber>();
  const whole = { from: await firstDayHeld(asking, span.from), to: span.to };
  for (const { organizationId, day, bits } of await asking.activeBits(asking.resolved.activeRule, whole)) {
    if (!wanted.has(organizationId)) continue;
    for (const [code, actor] of actors) {
      if ((bits[code >> 3] ?? 0) & (1 << (code & 7))) last.set(actor, Math.max(day, last.get(actor) ?? 0));
    }
  }
  return last;
}

/** Thresholds are ours: 16 days of 28 is most working days, 4 is once a week. */
export function bandOf(history: Pick<ActiveHistory, "recent"> | undefined): FrequencyBand {
  if (history === undefined) return "never";
  if (history.recent >= DAILY) return "daily";
  if (history.recent >= WEEKLY) return "weekly";
  return history.recent > 0 ? "occasional" : "lapsed";
}

async function firstDayHeld(asking: Asking, fallback: DayNumber): Promise<DayNumber> {
  let first = fallback;
  for (const organization of asking.organizations) {
    const { days } = await asking.coverage(organization, "claude_code");
    for (const day of days.keys()) if (day < first) first = day;
  }
  return first;
}
