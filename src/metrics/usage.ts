import { dayOfInstant, dayText, dollars, isFailure } from "../domain/index.ts";
import type { Failure, Population, Scope, Span } from "../domain/index.ts";
import type { Tx } from "../store/index.ts";
import { beginAsking } from "./asking.ts";
import type { Asking } from "./asking.ts";
import { spanOf } from "./choose.ts";
import { candidates } from "./compile.ts";
import { rangeCoverage, touches } from "./coverage.ts";
import type { RangeCoverage } from "./coverage.ts";
import { findDimension } from "./dimensions.ts";
import { addedUp } from "./evaluate.ts";
import type { Sums } from "./evaluate.ts";
import type { Fact, Quantity } from "./facts.ts";
import type { Organization } from "./organizations.ts";
import { resolve, untilToday } from "./resolve.ts";
import type { Filter } from "./resolve.ts";
import { sum } from "./sums.ts";
import { tables } from "./tables.ts";
import type { Group } from "./tally.ts";
import type { Answer, CostKind, Question, ReasonCode, Value } from "./types.ts";
import { ratioOf, shownCount } from "./values.ts";

/** Everything that one row of a table of people, keys or models shows. Null with a reason where nobody reports it. */
export interface UsageFigures {
  readonly sessions: Value;
  readonly linesAdded: Value;
  readonly linesRemoved: Value;
  readonly commits: Value;
  readonly pullRequests: Value;
  readonly accepted: Value;
  readonly rejected: Value;
  /** 0 to 1, or null when nothing was proposed. */
  readonly acceptRate: number | null;
  readonly tokens: Value;
  /** Dollars as decimal strings, by kind; kinds are never added together. */
  readonly cost: Readonly<Record<CostKind, string | null>>;
}

export type UsageQuestion = Pick<Question, "from" | "to" | "where" | "population" | "activeRule">;

/** A range of days being read: all its tables at one snapshot, every quantity of a table in one pass. */
export interface UsageReading {
  readonly asking: Asking;
  readonly span: Span;
  readonly range: RangeCoverage;
  readonly envelope: UsageEnvelope;
  /** The sums by these dimensions, and by day when asked. Quantities that cannot be split so are left out. */
  groups(split: Split): Promise<UsageGroups>;
}

export interface Split {
  readonly by: readonly string[];
  readonly byDay?: boolean;
  /** Beside the question's own. */
  readonly where?: readonly Filter[];
  readonly population?: Population;
  readonly quantities?: readonly Quantity[];
  /** Tokens of the whole Messages API instead of Claude Code's own. */
  readonly source?: "messages";
}

export interface UsageGroups {
  readonly groups: readonly Group[];
  /** Why a quantity is in none of them. */
  readonly absent: ReadonlyMap<Quantity, ReasonCode>;
}

/** What every answer of this kind says of itself. */
export type UsageEnvelope = Pick<
  Answer,
  "source" | "completeThrough" | "asOf" | "coverage" | "provisional" | "warnings"
> & {
  readonly range: { readonly from: string; readonly to: string };
  readonly state: "complete" | "provisional" | "partial" | "missing";
};

const TOKENS: readonly Quantity[] = ["uncached_input", "output", "cache_read", "cache_creation"];
const EVERYTHING: readonly Quantity[] = [
  "sessions",
  "lines_added",
  "lines_removed",
  "commits",
  "pull_requests",
  "accepted",
  "rejected",
  ...TOKENS,
  "cost_estimated",
  "cost_notional",
  "cost_list",
  "cost_net",
];
/** The source tells these of every product; the others are Claude Code's own. */
const ANALYTICS: ReadonlySet<Quantity> = new Set<Quantity>(["cost_list", "cost_net"]);

const STREAM = "claude_code";

/** @throws Failure `input.*` */
export async function readUsage(tx: Tx, scope: Scope, question: UsageQuestion, now: number): Promise<UsageReading> {
  const today = dayOfInstant(now);
  const { from, to, where, population } = question;
  // Cost can be split by everything that any of the figures can: which of them can is looked at one by one.
  const figures = resolve({ metric: "cost", from, to, where, population });
  const { activeRule } = resolve({ metric: "active_users", activeRule: question.activeRule });
  const resolved = untilToday({ ...figures, activeRule }, today, scope.pastDay);
  const asking = await beginAsking(tx, scope, resolved);
  const needs = { quantities: ["sessions" as const], by: [], where: [], population: false };
  const span = await spanOf(asking, needs, today);
  const coverages = await Promise.all(asking.organizations.map((one) => asking.coverage(one, STREAM)));
  const range = rangeCoverage(coverages, span);
  return {
    asking,
    span,
    range,
    envelope: {
      range: { from: dayText(span.from), to: dayText(span.to - 1) },
      source: [STREAM],
      completeThrough: range.completeThrough,
      asOf: dayText(today),
      coverage: { ...range.coverage, heldFrom: range.heldFrom },
      provisional: range.provisional.map(dayText),
      state: trustIn(range),
      warnings: asking.warnings,
    },
    groups: (split) => groupsOf(asking, span, split),
  };
}

async function groupsOf(asking: Asking, span: Span, split: Split): Promise<UsageGroups> {
  const by = split.by.map((id) => findDimension(id));
  const where = [...asking.resolved.where, ...(split.where ?? [])];
  const population = split.population ?? asking.resolved.population;
  const asked = split.quantities ?? EVERYTHING;
  const absent = new Map<Quantity, ReasonCode>();
  // What was not asked is not known here: never a 0.
  for (const quantity of EVERYTHING) if (!asked.includes(quantity)) absent.set(quantity, "not_reported_by_source");
  const byTable = new Map<string, Map<Quantity, Fact>>();
  let refused: Failure | undefined;
  for (const quantity of asked) {
    const needs = {
      quantities: [quantity],
      by,
      where: where.map((filter) => filter.dimension),
      population: population !== "all",
    };
    try {
      const source = ANALYTICS.has(quantity) ? "analytics" : (split.source ?? "claude_code");
      const { preferred, fallback } = candidates("usage", quantity, needs, tables, source);
      const [fact] = [...preferred, ...fallback];
      const own = byTable.get(fact!.table) ?? new Map<Quantity, Fact>();
      byTable.set(fact!.table, own.set(quantity, fact!));
    } catch (cause) {
      // What one table cannot split does not keep the others from being told.
      if (!isFailure(cause, "input.dimension_not_available", "input.dimensions_apart")) throw cause;
      refused ??= cause;
      absent.set(quantity, "not_reported_by_source");
    }
  }
  if (byTable.size === 0 && refused) throw refused;
  const groups: Group[] = [];
  for (const facts of byTable.values()) {
    const { stream } = [...facts.values()][0]!;
    const organizations = await readOf(asking, span, stream);
    if (organizations.length === 0) {
      for (const quantity of facts.keys()) absent.set(quantity, "not_collected_yet");
      continue;
    }
    const request = { quantities: [...facts.keys()], by, where, population, span };
    const summed = await sum(asking, [{ source: stream, organizations, facts }], {
      ...request,
      grain: split.byDay ? "day" : null,
    });
    for (const quantity of summed.unsplit) absent.set(quantity, "not_reported_by_source");
    groups.push(...summed.groups);
  }
  return { groups: merged(groups), absent };
}

function trustIn({ coverage, provisional }: RangeCoverage): UsageEnvelope["state"] {
  if (coverage.covered + coverage.partial === 0) return "missing";
  if (coverage.covered < coverage.days) return "partial";
  return provisional.length > 0 ? "provisional" : "complete";
}

/** Organizations of which this stream was read in the range at all. */
async function readOf(asking: Asking, span: Span, stream: string): Promise<readonly Organization[]> {
  const read: Organization[] = [];
  for (const organization of asking.organizations) {
    if (touches(await asking.coverage(organization, stream), span)) read.push(organization);
  }
  return read;
}

/** Groups of one place, whatever table they were read from. */
function merged(groups: readonly Group[]): Group[] {
  const places = new Map<string, Group>();
  for (const group of groups) {
    const key = JSON.stringify([group.dims, group.bucket]);
    const place = places.get(key);
    if (!place) places.set(key, group);
    else {
      for (const [quantity, value] of group.values) place.values.set(quantity, value);
      place.mixed ||= group.mixed;
    }
  }
  return [...places.values()];
}

/** A group as a row shows it; no group at all is a real 0 on the days that were read. */
export function figuresOf(group: Sums | undefined, { absent }: Pick<UsageGroups, "absent">): UsageFigures {
  const amount = (...quantities: Quantity[]): bigint | null => {
    if (quantities.some((quantity) => absent.has(quantity))) return null;
    return group === undefined ? 0n : addedUp(group, quantities);
  };
  const count = (...quantities: Quantity[]) => {
    const value = amount(...quantities);
    return value === null ? null : shownCount(value);
  };
  const dollarsOf = (quantity: Quantity) => {
    const value = group?.mixed ? null : amount(quantity);
    return value === null ? null : dollars(value);
  };
  const [accepted, rejected] = [amount("accepted"), amount("rejected")];
  const proposed = accepted === null || rejected === null ? 0n : accepted + rejected;
  return {
    sessions: count("sessions"),
    linesAdded: count("lines_added"),
    linesRemoved: count("lines_removed"),
    commits: count("commits"),
    pullRequests: count("pull_requests"),
    accepted: count("accepted"),
    rejected: count("rejected"),
    acceptRate: proposed === 0n ? null : ratioOf(accepted!, proposed),
    tokens: count(...TOKENS),
    cost: {
      estimated: dollarsOf("cost_estimated"),
      notional: dollarsOf("cost_notional"),
      list: dollarsOf("cost_list"),
      net: dollarsOf("cost_net"),
    },
  };
}
