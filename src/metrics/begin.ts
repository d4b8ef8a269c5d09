import { dayOfInstant } from "../domain/index.ts";
import type { Hiding, Scope, Span } from "../domain/index.ts";
import type { Store, Tx } from "../store/index.ts";
import { beginAsking } from "./asking.ts";
import type { Asking } from "./asking.ts";
import { chooseSources, spanOf } from "./choose.ts";
import type { Choice } from "./choose.ts";
import type { Needs } from "./compile.ts";
import { WHOSE } from "./contributors.ts";
import { rangeCoverage } from "./coverage.ts";
import type { RangeCoverage, StreamCoverage } from "./coverage.ts";
import { termsOf } from "./define.ts";
import type { Quantity } from "./facts.ts";
import { guard } from "./private-question.ts";
import type { PastNeeds } from "./past/project.ts";
import { withPast } from "./past/with-past.ts";
import { isAboutPeople, quantityOf } from "./resolve.ts";
import type { Resolved } from "./resolve.ts";

/** A question of which is known what will be read for it, before any figure is. */
export interface Begun {
  /** As its asker may put it. */
  readonly asking: Asking;
  /** Null when nothing has to be hidden. */
  readonly hiding: Hiding | null;
  readonly span: Span;
  readonly choices: readonly Choice[];
  readonly coverages: readonly StreamCoverage[];
  readonly range: RangeCoverage;
}

/** @throws Failure `input.*`, and `access.individuals` for what singles somebody out */
export async function begin(tx: Tx, scope: Scope, asked: Resolved, now: number): Promise<Begun> {
  const begun = await beginAsking(tx, scope, asked);
  const { resolved, hiding } = await guard(begun);
  const asking = resolved === asked ? begun : { ...begun, resolved };
  const needs = needsOf(resolved);
  const span = await spanOf(asking, needs, dayOfInstant(now));
  const choices = await chooseSources(asking, needs, span, dayOfInstant(now));
  const coverages = await coveragesOf(asking, choices);
  return { asking, hiding, span, choices, coverages, range: rangeCoverage(coverages, span) };
}

/** Reads at one snapshot, of the record as it is or as it stood on the day that was asked for. */
export async function readAsOf<T>(
  store: Store,
  scope: Scope,
  resolved: Resolved,
  read: (tx: Tx, scope: Scope) => Promise<T>,
): Promise<T> {
  const { asOf } = resolved;
  if (asOf === null) return store.read((tx) => read(tx, scope));
  return withPast(store, scope, asOf, pastNeeds(resolved, scope), (past, own) => past.read((tx) => read(tx, own)));
}

/** Rolling windows reach back a month before the range. */
const REACH_BACK = 31;

function pastNeeds({ metric, from, to, denominator }: Resolved, { privacy }: Scope): PastNeeds {
  const read = metric.tables.map((name) => (name === "active_days" ? "claude_code_activity" : name));
  const tables = privacy.mode === "named" ? read : [...read, ...WHOSE];
  const bounded = from !== null && to !== null && denominator !== "ever_active";
  return { tables, span: bounded ? { from: from - REACH_BACK, to: to + 1 } : null };
}

function needsOf(resolved: Resolved): Needs {
  const { metric, kind, by, where, population } = resolved;
  if (isAboutPeople(resolved.metric)) return { quantities: ["sessions"], by: [], where: [], population: false };
  const quantities = [...new Set(termsOf(metric.measure).map((term) => quantityOf(term, kind)))];
  const counted: Quantity[] = metric.measure.kind === "per_active" ? ["sessions"] : [];
  return {
    quantities: [...quantities, ...counted],
    by,
    where: where.map((filter) => filter.dimension),
    population: population !== "all",
  };
}

async function coveragesOf(asking: Asking, choices: readonly Choice[]): Promise<StreamCoverage[]> {
  const coverages = [];
  for (const choice of choices) {
    for (const stream of new Set([...choice.facts.values()].map((fact) => fact.stream))) {
      for (const organization of choice.organizations) coverages.push(await asking.coverage(organization, stream));
    }
  }
  return coverages;
}
