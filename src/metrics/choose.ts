import { Failure } from "../domain/index.ts";
import type { DayNumber, Span } from "../domain/index.ts";
import type { Asking } from "./asking.ts";
import { candidates } from "./compile.ts";
import type { Needs } from "./compile.ts";
import { isFull, lastComplete, touches } from "./coverage.ts";
import type { StreamCoverage } from "./coverage.ts";
import type { GapMeasure, Side } from "./define.ts";
import { facts } from "./facts.ts";
import type { Fact, Quantity } from "./facts.ts";
import type { Organization } from "./organizations.ts";
import { checkRange } from "./resolve.ts";
import { tables } from "./tables.ts";

/** Organizations whose values come from the same tables. */
export interface Choice {
  /** The streams, joined by " + ": the `source` of the rows. */
  readonly source: string;
  readonly organizations: readonly Organization[];
  readonly facts: ReadonlyMap<Quantity, Fact>;
}

type Candidates = ReturnType<typeof candidates>;

/**
 * One generation an organization, over the whole range: never mixed by day, never added together.
 *
 * @param today which nobody has whole before it is over: a range that holds it is judged by the days before.
 */
export async function chooseSources(
  asking: Asking,
  needs: Needs,
  span: Span,
  today: DayNumber = span.to,
): Promise<Choice[]> {
  const { measure } = asking.resolved.metric;
  if (measure.kind === "gap") return bothSides(asking, measure, span);
  const byQuantity = candidatesOf(asking, needs);
  const judged = span.from < today ? { from: span.from, to: Math.min(span.to, today) } : span;
  const choices = new Map<string, { organizations: Organization[]; facts: ReadonlyMap<Quantity, Fact> }>();
  for (const organization of asking.organizations.length > 0 ? asking.organizations : [null]) {
    const chosen = new Map<Quantity, Fact>();
    for (const [quantity, candidate] of byQuantity) {
      const picked = organization ? await pick(asking, organization, candidate, judged) : candidate.preferred[0]!;
      chosen.set(quantity, picked);
      if (candidate.fallback.includes(picked)) warnFallback(asking, candidate, picked);
      else warnSwitched(asking, quantity, picked);
    }
    const facts = [...new Set(chosen.values())];
    const key = facts.map((fact) => fact.table).join(" ");
    const choice = choices.get(key) ?? { organizations: [], facts: chosen };
    if (organization) choice.organizations.push(organization);
    choices.set(key, choice);
  }
  return [...choices.values()].map((choice) => ({
    ...choice,
    source: [...new Set([...choice.facts.values()].map((fact) => fact.stream))].join(" + "),
  }));
}

/** The asked range, completed: it ends at the last complete day of what will be read, and is 30 days long. */
export async function spanOf(asking: Asking, needs: Needs, now: DayNumber): Promise<Span> {
  const { from, to } = asking.resolved;
  if (from !== null && to !== null) return { from, to: to + 1 };
  const last = to ?? (await lastDay(asking, readFrom(asking, needs))) ?? now - 1;
  const first = from ?? last - 29;
  if (from !== null && from > last) return { from, to: from + 1 };
  checkRange(first, last);
  return { from: first, to: last + 1 };
}

function candidatesOf(asking: Asking, needs: Needs): Map<Quantity, Candidates> {
  const { metric, source } = asking.resolved;
  return new Map(
    needs.quantities.map((quantity) => [quantity, candidates(metric.id, quantity, needs, tables, source)]),
  );
}

/** What has to be complete for the range to end there: of a comparison, both sides. */
function readFrom(asking: Asking, needs: Needs): Candidates[] {
  const { measure } = asking.resolved.metric;
  if (measure.kind !== "gap") return [...candidatesOf(asking, needs).values()];
  return [measure.older, measure.newer].map((side) => ({ preferred: [factOf(side)], fallback: [] }));
}

/** Each side from its own table, whatever else could answer, of the organizations of which both were read. */
async function bothSides(asking: Asking, { older, newer }: GapMeasure, span: Span): Promise<Choice[]> {
  const { source } = asking.resolved;
  if (source) {
    const choices = "none: this metric compares two of them";
    throw new Failure("input.unknown_value", { field: "source", value: source, choices });
  }
  const sides = [older, newer].map((side) => ({ ...side, fact: factOf(side) }));
  const compared: Organization[] = [];
  for (const organization of asking.organizations) {
    const coverages = await Promise.all(sides.map(({ fact }) => asking.coverage(organization, fact.stream)));
    if (coverages.every((coverage) => touches(coverage, span))) compared.push(organization);
  }
  const organizations = compared.length > 0 ? compared : asking.organizations;
  const left = asking.organizations.filter((one) => !organizations.includes(one));
  if (left.length > 0) {
    const message = `Left out, since not both reports were read in this range: ${left.map(({ id }) => id).join(", ")}.`;
    asking.warnings.push({ code: "not_compared", message });
  }
  return sides.map(({ fact, plus }) => ({
    source: fact.stream,
    organizations,
    facts: new Map(plus.map((quantity) => [quantity, fact])),
  }));
}

function factOf({ table }: Side): Fact {
  return facts.find((fact) => fact.table === table)!;
}

async function lastDay(asking: Asking, read: readonly Candidates[]): Promise<DayNumber | null> {
  const coverages: StreamCoverage[] = [];
  for (const organization of asking.organizations) {
    for (const { preferred, fallback } of read) {
      for (const fact of [...preferred, ...fallback]) {
        const coverage = await asking.coverage(organization, fact.stream);
        if (lastComplete([coverage]) === null) continue;
        coverages.push(coverage);
        break;
      }
    }
  }
  return lastComplete(coverages);
}

/**
 * Full coverage first; else the older report, which everybody has and which alone reaches back before 2026, read in this
 * range or not. Analytics with gaps answer only what nobody else reports.
 */
async function pick(asking: Asking, organization: Organization, from: Candidates, span: Span): Promise<Fact> {
  const { preferred, fallback } = from;
  const coverages = new Map<Fact, StreamCoverage>();
  for (const fact of [...preferred, ...fallback]) {
    coverages.set(fact, await asking.coverage(organization, fact.stream));
  }
  const full = (fact: Fact) => isFull(coverages.get(fact)!, span);
  const touched = (fact: Fact) => touches(coverages.get(fact)!, span);
  const isOlder = (fact: Fact) => fact.family !== "analytics";
  const older = preferred.filter(isOlder);
  return (
    preferred.find(full) ??
    older.find(touched) ??
    fallback.find((fact) => (isOlder(fact) ? touched(fact) : full(fact))) ??
    older[0] ??
    preferred[0]!
  );
}

/** The same metric unsplit comes from elsewhere, and is another amount. Who names the source knows. */
function warnSwitched(asking: Asking, quantity: Quantity, picked: Fact): void {
  const { metric, source } = asking.resolved;
  if (source) return;
  const unsplit = { quantities: [quantity], by: [], where: [], population: false };
  const { preferred } = candidates(metric.id, quantity, unsplit, tables, source);
  if (preferred.some((fact) => fact.family === picked.family)) return;
  warnOtherSource(
    asking,
    `Asked like this, the figures come from ${picked.stream}, which counts ${scopeOf(picked)}; ` +
      `without that split, filter or population they come from ${preferred[0]!.stream}, which counts ${scopeOf(preferred[0]!)}.`,
  );
}

function warnFallback(asking: Asking, { preferred }: Candidates, picked: Fact): void {
  const instead = `the figures come from ${picked.stream}, which counts ${scopeOf(picked)}`;
  warnOtherSource(asking, `${preferred[0]!.stream} was not read in this range; ${instead}.`);
}

function warnOtherSource({ warnings }: Asking, message: string): void {
  const code = "other_source";
  if (!warnings.some((warning) => warning.code === code)) warnings.push({ code, message });
}

function scopeOf({ family }: Fact): string {
  return family === "claude_code" ? "Claude Code only, subscriptions included" : "all use of the API";
}
