import { sql } from "kysely";

import { dayOfText } from "../../domain/index.ts";
import type { DayNumber, Span } from "../../domain/index.ts";
import { ELIGIBLE_ROLES } from "../adoption.ts";
import type { ReasonCode } from "../types.ts";
import { askedTeams } from "./eligible.ts";
import { divided, none } from "./figures.ts";
import type { Figure } from "./figures.ts";
import type { Activity, ActivityFrame } from "./frame.ts";
import { isTooSmall } from "./hidden.ts";
import { historyOf } from "./people.ts";

/** What was done in the first weeks of the store may have been done before as well. */
const CENSORED_DAYS = 28;

const STEPS = [
  { id: "invited", title: "Invited" },
  { id: "accepted", title: "Accepted" },
  { id: "first_session", title: "First session" },
  { id: "first_accepted_edit", title: "First accepted edit" },
  { id: "first_commit_or_pull_request", title: "First commit or pull request" },
] as const;

type StepId = (typeof STEPS)[number]["id"];

export interface Onboarding extends ActivityFrame {
  readonly steps: readonly {
    readonly id: StepId;
    readonly title: string;
    readonly people: number | null;
    readonly ofInvited: Figure;
    readonly ofPrevious: Figure;
    readonly medianDays: Figure;
    readonly measured: number | null;
    readonly open: number | null;
    readonly reason?: ReasonCode;
  }[];
}

/** The day of each step of one person: undefined when not reached, null when reached on a day that nobody knows. */
interface Journey {
  readonly days: readonly (DayNumber | null | undefined)[];
  /** Whether they joined after the record begins, so that their first session is not an earlier one. */
  readonly joinedWithin: boolean;
}

/** From the invitation to the first commit: how many got how far, and how long each step took. */
export async function onboardingOf(activity: Activity): Promise<Onboarding> {
  const journeys = await journeysOf(activity);
  const reached = ({ days }: Journey, step: number) => days.slice(step).some((day) => day !== undefined);
  const counts = STEPS.map((_, step) => journeys.filter((journey) => reached(journey, step)).length);
  const all = counts[0]!;
  const steps = STEPS.map((step, at) => {
    const people = counts[at]!;
    if (all === 0) {
      const reason = "not_reported_by_source" as const;
      const dash = none(reason);
      return {
        ...step,
        people: null,
        ofInvited: dash,
        ofPrevious: dash,
        medianDays: dash,
        measured: 0,
        open: null,
        reason,
      };
    }
    const before = at === 0 ? people : counts[at - 1]!;
    const spans = at === 0 ? [] : journeys.flatMap((journey) => stepOf(journey, at));
    return {
      ...step,
      people,
      ofInvited: divided(people, all),
      ofPrevious: divided(people, before),
      medianDays: at === 0 ? none("not_reported_by_source") : medianShown(activity, spans),
      measured: spans.length,
      open: before - people,
    };
  });
  return { steps, ...activity.frame() };
}

const FIRST_SESSION = STEPS.findIndex(({ id }) => id === "first_session");

/** The days that a step took, where both of its ends are known and stand in this order. */
function stepOf({ days, joinedWithin }: Journey, at: number): number[] {
  const [from, to] = [days[at - 1], days[at]];
  if (from === null || from === undefined || to === null || to === undefined || to < from) return [];
  return at === FIRST_SESSION && !joinedWithin ? [] : [to - from];
}

/** How long it took a handful is about each of them. */
function medianShown(activity: Activity, spans: readonly number[]): Figure {
  return isTooSmall(activity, spans.length) ? none("suppressed_for_privacy") : median(spans);
}

/** Of those who took the step; whose step is open is not in it, and 0 would be a lie. */
export function median(values: readonly number[]): Figure {
  if (values.length === 0) return none("below_minimum_sample");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const value = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { value, ...(values.length < 5 ? { lowSample: true as const } : {}) };
}

interface Joined {
  invited: DayNumber | null;
  accepted: DayNumber | null | undefined;
}

async function journeysOf(activity: Activity): Promise<Journey[]> {
  const { asking, span } = activity;
  const joined = await joinedPeople(activity);
  const history = await historyOf(activity);
  const { begins } = history;
  const firsts = await firstDeeds(activity, history);
  const who = await asking.identities();
  const isAsked = askedTeams(activity);
  if (asking.resolved.where.some(({ dimension }) => dimension.id !== "team" && dimension.id !== "organization")) {
    const message = "Invitations know of organization and team only; the other filters narrow nothing here.";
    activity.warn("option_ignored", message);
  }
  const people = [...joined].filter(([person]) => isAsked(who.teamOf(person, span.to - 1)));
  return people.map(([person, { invited, accepted }]) => {
    const deeds = firsts.get(person);
    const session = deeds?.session;
    const joinedWithin = accepted !== undefined && accepted !== null && begins !== null && accepted >= begins;
    // The first to be seen may have begun before: then no day of them is a first one.
    const isFirst = joinedWithin || (session !== undefined && begins !== null && session >= begins + CENSORED_DAYS);
    const known = (day: DayNumber | undefined) => (day === undefined ? undefined : isFirst ? day : null);
    const days = [invited, accepted, known(session), known(deeds?.edit), known(deeds?.result)];
    return { days, joinedWithin };
  });
}

/** Invited people and members who may use Claude Code, with the day of each as far as it is reported. */
async function joinedPeople({ asking, span }: Activity): Promise<Map<string, Joined>> {
  const who = await asking.identities();
  const codes = sql.raw(asking.organizations.map(({ code }) => code).join(",") || "-1");
  const { tenantId } = asking.scope;
  const invites = await sql<{
    email: string;
    role: string;
    invited_at: string;
    accepted_at: string | null;
    status: string;
  }>`
    select email, role, invited_at, accepted_at, status
    from invites
    where tenant_id = ${tenantId} and organization_id in (${codes})
  `.execute(asking.tx.db);
  const members = await sql<{ email: string | null; role: string | null; added_at: string | null }>`
    select email, role, added_at
    from users
    where tenant_id = ${tenantId} and organization_id in (${codes})
  `.execute(asking.tx.db);
  const people = new Map<string, Joined>();
  const at = (email: string) => {
    const identity = who.ofEmail(email);
    const person = identity.population === "humans" ? identity.person : email;
    const one = people.get(person) ?? { invited: null, accepted: undefined };
    people.set(person, one);
    return one;
  };
  const dayOf = (text: string | null) => (text === null ? null : dayOfText(text));
  for (const { email, role, invited_at: invited, accepted_at: accepted, status } of invites.rows) {
    const day = dayOf(invited);
    if (!ELIGIBLE_ROLES.has(role) || (day !== null && day >= span.to)) continue;
    const one = at(email);
    one.invited = earliest(one.invited, day);
    const taken = dayOf(accepted);
    if (status === "accepted" && (taken === null || taken < span.to))
      one.accepted = earliest(one.accepted ?? null, taken);
  }
  for (const { email, role, added_at: added } of members.rows) {
    const day = dayOf(added);
    if (email === null || role === null || !ELIGIBLE_ROLES.has(role) || (day !== null && day >= span.to)) continue;
    const one = at(email);
    one.accepted = earliest(one.accepted ?? null, day);
  }
  return people;
}

function earliest(a: DayNumber | null, b: DayNumber | null): DayNumber | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

interface Deeds {
  readonly session: DayNumber | undefined;
  readonly edit: DayNumber | undefined;
  readonly result: DayNumber | undefined;
}

/** The first day of each deed of each person. Reads every row that is held, so it is a question of its own. */
async function firstDeeds({ asking }: Activity, history: Span): Promise<Map<string, Deeds>> {
  const codes = sql.raw(asking.organizations.map(({ code }) => code).join(",") || "-1");
  const { rows } = await sql<Record<"actor" | "session" | "edit" | "result", bigint | null>>`
    select
      actor,
      min(case when sessions > 0 then day end) as session,
      min(case when actions_accepted > 0 then day end) as edit,
      min(case when commits > 0 or pull_requests > 0 then day end) as result
    from claude_code_activity
    where tenant_id = ${asking.scope.tenantId}
      and organization_id in (${codes})
      and day >= ${history.from}
      and day < ${history.to}
    group by actor
  `.execute(asking.tx.db);
  const who = await asking.identities();
  const actors = await asking.texts.of("actor", new Set(rows.map(({ actor }) => Number(actor))));
  const deeds = new Map<string, Deeds>();
  const first = (a: DayNumber | undefined, b: bigint | null) => (b === null ? a : Math.min(a ?? Infinity, Number(b)));
  for (const row of rows) {
    const actor = actors.get(Number(row.actor));
    const identity = actor === undefined ? null : who.ofActor(actor);
    if (identity?.population !== "humans") continue;
    const one = deeds.get(identity.person);
    deeds.set(identity.person, {
      session: first(one?.session, row.session),
      edit: first(one?.edit, row.edit),
      result: first(one?.result, row.result),
    });
  }
  return deeds;
}
