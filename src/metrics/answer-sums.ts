import type { Span } from "../domain/index.ts";
import type { Asking } from "./asking.ts";
import type { Choice } from "./choose.ts";
import type { RangeCoverage } from "./coverage.ts";
import { PEOPLE_FLOOR } from "./define.ts";
import type { Measure } from "./define.ts";
import { evaluateRatio, evaluateShare, evaluateSum, nothing } from "./evaluate.ts";
import type { Evaluated, Sums } from "./evaluate.ts";
import { NOT_SUBSCRIPTION, SUBSCRIPTION } from "./facts.ts";
import type { Quantity, RowRule } from "./facts.ts";
import { countPeople } from "./people.ts";
import type { PeopleGroup } from "./people.ts";
import { quantityOf } from "./resolve.ts";
import { hasRows, isUncollected, rowsOf, spread } from "./rows.ts";
import type { Placed } from "./rows.ts";
import { select } from "./select.ts";
import { sum, totalOf } from "./sums.ts";
import type { SumRequest } from "./sums.ts";
import type { Group, Measured } from "./tally.ts";
import type { Answer } from "./types.ts";
import { shown } from "./values.ts";

/** The part of an answer that its measure decides. */
export type Figures = Pick<Answer, "rows" | "total" | "activeOutsideDenominator"> & {
  /** The sums behind the total, of the answer's population. */
  readonly sums?: Sums;
};

export type SumMeasure = Extract<Measure, { kind: "sum" | "ratio" | "share" | "per_active" }>;

/** Answers sums, ratios of sums, shares, and money per active person. */
export async function answerSums(
  asking: Asking,
  measure: SumMeasure,
  choices: readonly Choice[],
  span: Span,
  range: RangeCoverage,
): Promise<Figures> {
  const request = requestOf(asking, measure, span);
  const { groups: summed, unsplit } = await sum(asking, choices, request);
  const source = [...new Set(choices.map((choice) => choice.source))].join(", ");
  const groups = [...summed];
  const total: Group = { ...totalOf(groups), source };
  if (measure.kind === "per_active") await addPeople(asking, measure, choices, request, groups, total);
  if (measure.kind === "sum" || measure.kind === "share")
    await checkAgainstTotal(asking, choices, request, groups, total);
  await stateTheRest(asking, choices, request);
  const wholes = measure.kind === "share" ? bucketTotals(groups) : new Map<number | null, Group>();
  const evaluate = (group: Group, whole: Group): Evaluated =>
    unsplit.size > 0 ? nothing("not_reported_by_source") : evaluateGroup(asking, measure, group, whole);
  const ofTotal = evaluate(total, total);
  if (ofTotal.reason === "zero_denominator" && ofTotal.weight > 0n) {
    asking.warnings.push({ code: "spend_without_output", message: "There is spend and nothing to divide it by." });
  }
  const unknown = isUncollected(range) && ofTotal.weight === 0n && !hasRows(total);
  const shownTotal = unknown ? nothing("not_collected_yet") : ofTotal;
  return {
    sums: total,
    rows: rowsOf(
      asking,
      span,
      range,
      groups,
      emptyGroup,
      (group) => evaluate(group, wholes.get(group.bucket) ?? total),
      source,
    ),
    total: {
      ...spread(shownTotal),
      source,
      ...(measure.kind === "sum" || unsplit.size > 0 ? {} : { parts: partsOf(total) }),
    },
  };
}

export function requestOf(asking: Asking, measure: SumMeasure, span: Span): SumRequest {
  const { by, where, population, grain, kind } = asking.resolved;
  const quantities = termsIn(measure).map((term) => quantityOf(term, kind));
  // Output counts only where rows carry the same kind of cost: all of it over half the money would be too cheap.
  const dividesCost = measure.kind === "ratio" && measure.over.includes("claude_code_cost");
  const rule = kind === "notional" ? SUBSCRIPTION : NOT_SUBSCRIPTION;
  const outputs = quantities.filter((quantity) => !quantity.includes("cost"));
  const rules = new Map<Quantity, RowRule>(dividesCost ? outputs.map((quantity) => [quantity, rule]) : []);
  return { quantities, by, where, population, grain, span, rules };
}

function termsIn(measure: SumMeasure) {
  if (measure.kind === "sum") return [...measure.plus, ...(measure.minus ?? [])];
  if (measure.kind === "ratio") return [...new Set([...measure.over, ...measure.under])];
  return measure.kind === "share" ? measure.of : [measure.of];
}

function evaluateGroup(asking: Asking, measure: SumMeasure, group: Group, whole: Group): Evaluated {
  const { kind, metric } = asking.resolved;
  const quantities = (terms: readonly Parameters<typeof quantityOf>[0][]) =>
    terms.map((term) => quantityOf(term, kind));
  switch (measure.kind) {
    case "sum":
      return evaluateSum(group, quantities(measure.plus), quantities(measure.minus ?? []), metric.unit);
    case "ratio": {
      const { scale, floor } = measure;
      const ratio = { over: quantities(measure.over), under: quantities(measure.under), scale, floor };
      return evaluateRatio(group, ratio, metric.unit);
    }
    case "share":
      return evaluateShare(group, whole, quantities(measure.of));
    case "per_active":
      return evaluateRatio(
        group,
        {
          over: quantities([measure.of]),
          under: ["active"],
          ...(measure.count === "people" ? { floor: PEOPLE_FLOOR } : {}),
        },
        metric.unit,
      );
  }
}

/** Sets the people of each group beside its money. */
async function addPeople(
  asking: Asking,
  measure: Extract<SumMeasure, { kind: "per_active" }>,
  choices: readonly Choice[],
  request: SumRequest,
  groups: Group[],
  total: Group,
): Promise<void> {
  const { activeRule, kind } = asking.resolved;
  const rule = kind === "notional" ? SUBSCRIPTION : NOT_SUBSCRIPTION;
  const isMoney = measure.of === "cost" || measure.of === "claude_code_cost";
  const counted = await countPeople(asking, {
    ...request,
    organizations: asking.organizations,
    rule: activeRule,
    // Without subscription rows every row carries the kind, and the daily bit sets can answer. What is no money has none.
    only: isMoney && (kind === "notional" || (await hasSubscriptions(asking, request.span))) ? rule : null,
  });
  const amount = (group: PeopleGroup) => BigInt(measure.count === "people" ? group.people : group.personDays);
  const byPlace = new Map(groups.map((group) => [JSON.stringify([group.dims, group.bucket]), group]));
  for (const group of counted.groups) {
    const key = JSON.stringify([group.dims, group.bucket]);
    const place = byPlace.get(key) ?? emptyGroup({ ...group, source: choices[0]?.source ?? "" });
    if (!byPlace.has(key)) groups.push(place);
    place.values.set("active", amount(group));
  }
  total.values.set("active", amount(counted.total));
}

async function hasSubscriptions(asking: Asking, span: Span): Promise<boolean> {
  const codes = await asking.texts.codes("customer_type", ["subscription"]);
  const code = codes.get("subscription");
  if (code === undefined) return false;
  const rows = await select(asking.tx, asking.scope, {
    fact: NO_FACT,
    from: "claude_code_daily",
    groupBy: [],
    byDay: false,
    sums: [],
    where: [{ column: "customer_type", codes: [code], negate: false }],
    organizations: asking.organizations.map((one) => one.code),
    span,
  });
  return rows.length > 0;
}

const NO_FACT = { table: "claude_code_activity", stream: "claude_code", family: "claude_code", gives: {} } as const;

/** Output of the rows that carry another kind of cost is left out of a ratio, and said. */
async function stateTheRest(asking: Asking, choices: readonly Choice[], request: SumRequest): Promise<void> {
  if (!request.rules?.size || !(await hasSubscriptions(asking, request.span))) return;
  const quantities = [...request.rules.keys()];
  const opposite = asking.resolved.kind === "notional" ? NOT_SUBSCRIPTION : SUBSCRIPTION;
  const rules = new Map(quantities.map((quantity) => [quantity, opposite]));
  const rest = totalOf((await sum(asking, choices, { ...request, quantities, rules, by: [], grain: null })).groups);
  for (const quantity of quantities) {
    const left = rest.values.get(quantity) ?? 0n;
    if (left === 0n) continue;
    const whose = asking.resolved.kind === "notional" ? "API" : "subscription";
    const message = `${left} ${quantity} of ${whose} use are left out: their rows carry no ${asking.resolved.kind} cost.`;
    asking.warnings.push({ code: "rest_left_out", message });
  }
}

/** Totals come from the report that is not split; a cut that disagrees with it is told. */
async function checkAgainstTotal(
  asking: Asking,
  choices: readonly Choice[],
  request: SumRequest,
  groups: readonly Group[],
  total: Group,
): Promise<void> {
  if (request.where.length > 0 || request.population !== "all") return;
  for (const choice of choices) {
    const cut = [...choice.facts.values()].find((fact) => fact.family === "messages");
    if (!cut || cut.table === "usage_total") continue;
    const unsplit = await totalChoice(asking, choice, request.span);
    if (!unsplit) continue;
    const own = totalOf((await sum(asking, [unsplit], { ...request, by: [], grain: null })).groups);
    const sums = totalOf(groups.filter((group) => group.source === choice.source));
    const differs = request.quantities.some(
      (quantity) => (own.values.get(quantity) ?? 0n) !== (sums.values.get(quantity) ?? 0n),
    );
    if (!differs) continue;
    for (const quantity of request.quantities) {
      const rest = (total.values.get(quantity) ?? 0n) - (sums.values.get(quantity) ?? 0n);
      total.values.set(quantity, rest + (own.values.get(quantity) ?? 0n));
    }
    const message = `${cut.stream} does not add up to usage_total over this range; the total is usage_total's.`;
    asking.warnings.push({ code: "cut_disagrees", message });
  }
}

/** The same organizations read from `usage_total`, or null when it was not read over the same days. */
async function totalChoice(asking: Asking, choice: Choice, span: Span): Promise<Choice | null> {
  const cut = [...choice.facts.values()][0]!;
  for (const organization of choice.organizations) {
    const own = await asking.coverage(organization, "usage_total");
    const other = await asking.coverage(organization, cut.stream);
    for (let day = span.from; day < span.to; day++) {
      if (own.days.get(day)?.state !== other.days.get(day)?.state) return null;
    }
  }
  const fact = { ...cut, table: "usage_total", stream: "usage_total" };
  return { ...choice, source: "usage_total", facts: new Map([...choice.facts.keys()].map((key) => [key, fact])) };
}

function bucketTotals(groups: readonly Group[]): ReadonlyMap<number | null, Group> {
  const byBucket = Map.groupBy(groups, (group) => group.bucket);
  return new Map([...byBucket].map(([bucket, own]) => [bucket, totalOf(own)]));
}

function emptyGroup({ dims, bucket, source }: Placed): Group {
  return { dims, bucket, source, values: new Map(), mixed: false };
}

function partsOf(total: Group): Record<string, string | number | null> {
  const unitOf = (name: Measured) => (name.includes("cost") ? "usd" : "count");
  return Object.fromEntries(
    [...total.values].map(([name, value]) => [name, value === null ? null : shown(value, unitOf(name))]),
  );
}
