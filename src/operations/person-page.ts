import { z } from "zod";

import { dayText, type DayNumber, type Scope } from "../domain/index.ts";
import { bandOf, figuresOf, personHistory, readUsage, type UsageReading } from "../metrics/index.ts";
import { listActorOwners, type PersonRow, type Tx } from "../store/index.ts";
import type { OperationContext } from "./context.ts";
import { readSettings } from "./tenant-settings.ts";
import { activeRule } from "./filters.ts";
import { band, costKinds, dayOrNull, envelope, figures, identity, identityOf } from "./people-pieces.ts";

const count = z.union([z.int(), z.string()]).nullable();

/** Everything that a person's page shows. */
export const personPage = {
  ...envelope,
  person: z.object({
    ...identity,
    /** The whole of what is known, oldest first; a null day has no bound. */
    teams: z.array(z.object({ from: z.string().nullable(), to: z.string().nullable(), team: z.string().nullable() })),
    /** API keys and other actors that count as this person. */
    keys: z.array(z.object({ actor: z.string() })),
  }),
  figures: z.object(figures),
  activeRule: activeRule.describe("what makes a day active: as the tenant decided"),
  activeDays: z.int(),
  firstActive: z.string().nullable(),
  lastActive: z.string().nullable(),
  band,
  /** Every day of the range; null where nothing was read. */
  daily: z.array(
    z.object({
      day: z.string(),
      active: z.boolean().nullable(),
      sessions: count,
      linesAdded: count,
      commits: count,
      pullRequests: count,
      accepted: count,
      rejected: count,
      tokens: count,
      cost: costKinds,
    }),
  ),
  byModel: z.array(z.object({ model: z.string().nullable(), tokens: count, cost: costKinds })),
  byTerminal: z.array(
    z.object({
      terminal: z.string().nullable(),
      sessions: count,
      linesAdded: count,
      commits: count,
      pullRequests: count,
      accepted: count,
      rejected: count,
      acceptRate: z.number().nullable(),
    }),
  ),
  byTool: z.array(
    z.object({ tool: z.string().nullable(), accepted: count, rejected: count, acceptRate: z.number().nullable() }),
  ),
  /** In words: who else may open this page. */
  whoCanSee: z.array(z.string()),
} as const;

const page = z.object(personPage);
export type PersonPage = z.output<typeof page>;

export interface PersonQuestion {
  readonly person: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * One person's page, by the label that figures stand under. Whoever calls this has made sure that the caller may see
 * this person.
 */
export async function pageOfPerson(
  tx: Tx,
  scope: Scope,
  { clock }: Pick<OperationContext, "clock">,
  { person, from, to }: PersonQuestion,
): Promise<PersonPage> {
  const where = [{ dimension: "person", value: person }];
  const settings = await readSettings(tx, scope);
  const question = { from, to, where, population: "all", activeRule: settings.activeRule } as const;
  const reading = await readUsage(tx, scope, question, clock.now());
  const who = await reading.asking.identities();
  const [whole, byDay, byModel, byTerminal, byTool] = [
    await reading.groups({ by: [] }),
    await reading.groups({ by: [], byDay: true }),
    await reading.groups({ by: ["model"], quantities: OF_MODELS }),
    await reading.groups({ by: ["terminal"], quantities: OF_TERMINALS }),
    await reading.groups({ by: ["tool"], quantities: ["accepted", "rejected"] }),
  ];
  const history = await personHistory(reading, person);
  const listed = who.known.get(person) ?? null;
  const days = new Map(byDay.groups.map((group) => [group.bucket, group]));
  const active = new Set(history?.activeDays ?? []);
  const owners = await listActorOwners(tx, scope);
  return {
    ...reading.envelope,
    person: {
      ...identityOf(person, listed, who.teamOf(person, reading.span.to - 1)),
      teams: teamsOf(listed),
      keys: owners
        .filter(({ personId }) => listed !== null && personId === listed.personId)
        .map(({ actor }) => ({ actor })),
    },
    figures: figuresOf(whole.groups[0], whole),
    activeRule: settings.activeRule,
    activeDays: active.size,
    firstActive: dayOrNull(history?.first),
    lastActive: dayOrNull(history?.last),
    band: bandOf(history),
    daily: daysOf(reading).map((day) => {
      const isRead = reading.range.stateOf(day) !== "missing" || days.has(day);
      const { sessions, linesAdded, commits, pullRequests, accepted, rejected, tokens, cost } = figuresOf(
        days.get(day),
        byDay,
      );
      const told = { sessions, linesAdded, commits, pullRequests, accepted, rejected, tokens, cost };
      return { day: dayText(day), active: isRead ? active.has(day) : null, ...(isRead ? told : UNREAD) };
    }),
    byModel: byModel.groups
      .map((group) => ({ model: group.dims[0] ?? null, ...figuresOf(group, byModel) }))
      .sort((a, b) => Number(b.tokens ?? 0) - Number(a.tokens ?? 0))
      .map(({ model, tokens, cost }) => ({ model, tokens, cost })),
    byTerminal: byTerminal.groups
      .map((group) => ({ terminal: group.dims[0] ?? null, ...figuresOf(group, byTerminal) }))
      .sort((a, b) => Number(b.sessions ?? 0) - Number(a.sessions ?? 0))
      .map(({ terminal, sessions, linesAdded, commits, pullRequests, accepted, rejected, acceptRate }) => ({
        terminal,
        sessions,
        linesAdded,
        commits,
        pullRequests,
        accepted,
        rejected,
        acceptRate,
      })),
    byTool: byTool.groups
      .map((group) => ({ tool: group.dims[0] ?? null, ...figuresOf(group, byTool) }))
      .sort((a, b) => Number(b.accepted ?? 0) - Number(a.accepted ?? 0))
      .map(({ tool, accepted, rejected, acceptRate }) => ({ tool, accepted, rejected, acceptRate })),
    whoCanSee: [...WHO_CAN_SEE, ...(settings["privacy.mode"] === "named" ? [NAMED_MODE] : [])],
  };
}

/** The days of the range, and what is known before and after it as well. */
function daysOf({ span }: UsageReading): DayNumber[] {
  return Array.from({ length: span.to - span.from }, (_, index) => span.from + index);
}

function teamsOf(listed: PersonRow | null): PersonPage["person"]["teams"] {
  if (listed === null) return [];
  const teams: PersonPage["person"]["teams"] = [];
  const note = (team: string | null, from: DayNumber | null, until: DayNumber | null) => {
    const last = teams.at(-1);
    const to = until === null ? null : dayText(until - 1);
    if (last && last.team === team) last.to = to;
    else teams.push({ team, from: dayOrNull(from), to });
  };
  let from: DayNumber | null = null;
  for (const { team, until } of listed.earlier ?? []) {
    note(team, from, until);
    from = until;
  }
  note(listed.team, from, null);
  return teams;
}

const UNREAD = {
  sessions: null,
  linesAdded: null,
  commits: null,
  pullRequests: null,
  accepted: null,
  rejected: null,
  tokens: null,
  cost: { estimated: null, notional: null, list: null, net: null },
} as const;

const OF_MODELS = [
  "uncached_input",
  "output",
  "cache_read",
  "cache_creation",
  "cost_estimated",
  "cost_notional",
  "cost_list",
  "cost_net",
] as const;

const OF_TERMINALS = [
  "sessions",
  "lines_added",
  "lines_removed",
  "commits",
  "pull_requests",
  "accepted",
  "rejected",
] as const;

const WHO_CAN_SEE = [
  "The person, when their account is linked to them in the list of people.",
  "Accounts with the permission to see individuals, which no role has by itself.",
  "Whoever runs Bursar on its machine.",
];

const NAMED_MODE = "Not this page, but figures split by person: everybody who may read, as the privacy mode is named.";
