import { dayOfInstant, dayText } from "../domain/index.ts";
import type { Scope, Span } from "../domain/index.ts";
import type { Store, Tx } from "../store/index.ts";
import { answerAdoption } from "./adoption.ts";
import { answerGap } from "./answer-gap.ts";
import { answerActive, answerRolling } from "./answer-people.ts";
import { answerSums } from "./answer-sums.ts";
import type { Figures } from "./answer-sums.ts";
import type { Asking } from "./asking.ts";
import { begin, readAsOf } from "./begin.ts";
import type { Choice } from "./choose.ts";
import { countConflicted } from "./conflicted.ts";
import { DIRECTORY_IS_TODAYS } from "./past/warning.ts";
import type { RangeCoverage } from "./coverage.ts";
import { termsOf } from "./define.ts";
import { unmappedActive, unmappedShare, unpricedModels, warnMissingBreakdown } from "./extras.ts";
import type { Quantity } from "./facts.ts";
import { keptAnswer } from "./kept-answers.ts";
import { protect } from "./private-answer.ts";
import { isAboutPeople, judgesActivity, quantityOf, rangeCut, resolve, untilToday } from "./resolve.ts";
import { isUncollected } from "./rows.ts";
import type { Resolved } from "./resolve.ts";
import type { Answer, AnswerFigures, Denominator, Question } from "./types.ts";

/**
 * Answers a question from the store, at one snapshot.
 *
 * @param now milliseconds; only for the default range of an empty store and the `asOf` of an answer.
 * @throws Failure `input.*` for anything that the catalogs do not know.
 */
export async function ask(store: Store, scope: Scope, question: Question, now: number): Promise<Answer> {
  return put(store, scope, question, now, "whole");
}

/**
 * The same without what stands around the figures: whose keys are unowned and which models have no price. A row of
 * figures with their periods before is many questions, and for most of them nobody reads it.
 */
export async function askFigures(store: Store, scope: Scope, question: Question, now: number): Promise<AnswerFigures> {
  const { unmapped: _unmapped, unpriced: _unpriced, ...figures } = await put(store, scope, question, now, "figures");
  return figures;
}

type Extent = "whole" | "figures";

async function put(store: Store, scope: Scope, question: Question, now: number, extent: Extent): Promise<Answer> {
  const asked = resolve(question);
  const resolved = untilToday(asked, dayOfInstant(now), scope.pastDay);
  const answered = await answerOf(store, scope, resolved, now, extent);
  if (resolved.to === asked.to) return answered;
  return { ...answered, warnings: [...answered.warnings, rangeCut(resolved.to!, scope.pastDay)] };
}

async function answerOf(store: Store, scope: Scope, resolved: Resolved, now: number, extent: Extent): Promise<Answer> {
  if (resolved.asOf === null) {
    return readAsOf(store, scope, resolved, (tx) =>
      keptAnswer(tx, scope, { question: resolved, extent, now }, () => answer(tx, scope, resolved, now, extent)),
    );
  }
  const answered = await readAsOf(store, scope, resolved, (tx, own) => answer(tx, own, resolved, now, extent));
  return { ...answered, warnings: [...answered.warnings, DIRECTORY_IS_TODAYS] };
}

async function answer(tx: Tx, scope: Scope, asked: Resolved, now: number, extent: Extent): Promise<Answer> {
  const { asking, hiding, span, choices, range } = await begin(tx, scope, asked, now);
  const { resolved } = asking;
  const { metric, grain, aboutMoney } = resolved;
  const figures = await figuresOf(asking, choices, span, range);
  const streams = [...new Set(choices.flatMap((choice) => [...choice.facts.values()].map((fact) => fact.stream)))];
  const aboutPeople = isAboutPeople(resolved.metric);
  warnCaveats(asking, choices);
  if (grain !== null && grain !== grainOf(resolved)) {
    const message = `${metric.id} is a figure of each day; the grain ${grain} is ignored.`;
    asking.warnings.push({ code: "option_ignored", message });
  }
  const claudeCode = streams.includes("claude_code");
  if (claudeCode && readsModels(choices)) await warnMissingBreakdown(asking, span);
  const around = extent === "whole" ? await aroundOf(asking, choices, span, figures) : NOTHING_AROUND;
  // What the rows of one record say is somebody's figure.
  const told = aboutPeople || hiding !== null ? [] : numeratorOf(resolved);
  const conflicted = await countConflicted(asking, choices, told, span);
  const answered: Answer = {
    metric: metric.id,
    title: metric.title,
    unit: metric.unit,
    range: { from: dayText(span.from), to: dayText(span.to - 1), grain: grainOf(resolved), timezone: "UTC" },
    by: resolved.by.map((dimension) => dimension.id),
    where: resolved.conditions,
    kind: aboutMoney ? resolved.kind : null,
    population: resolved.population,
    activeRule: judgesActivity(metric) ? resolved.activeRule : null,
    denominator: figures.denominator ?? null,
    source: streams,
    rows: figures.rows,
    total: figures.total,
    completeThrough: range.completeThrough,
    asOf: dayText(scope.pastDay ?? dayOfInstant(now)),
    coverage: { ...range.coverage, heldFrom: range.heldFrom },
    provisional: range.provisional.map(dayText),
    ...around,
    conflicted,
    ...(figures.activeOutsideDenominator ? { activeOutsideDenominator: figures.activeOutsideDenominator } : {}),
    warnings: [...asking.warnings, ...gapWarnings(range, grain, figures)],
  };
  return hiding === null ? answered : protect(asking, hiding, choices, span, answered);
}

const NOTHING_AROUND: Pick<Answer, "unmapped" | "unpriced"> = {
  unmapped: { actors: null, names: [], value: null, share: null },
  unpriced: { models: [], tokens: 0 },
};

/** How much of an answer belongs to nobody, and to models without a price. */
async function aroundOf(
  asking: Asking,
  choices: readonly Choice[],
  span: Span,
  { sums }: Figures,
): Promise<Pick<Answer, "unmapped" | "unpriced">> {
  const { resolved } = asking;
  if (isAboutPeople(resolved.metric)) {
    return { unmapped: await unmappedActive(asking, span), unpriced: NOTHING_AROUND.unpriced };
  }
  return {
    unmapped: await unmappedShare(asking, choices, numeratorOf(resolved), span, sums),
    unpriced: await unpricedModels(asking, choices, span),
  };
}

/** A rolling series is by day, whatever was asked. */
function grainOf({ metric, grain }: Resolved): Resolved["grain"] {
  return metric.measure.kind === "rolling" ? "day" : grain;
}

/** What the unmapped share is a share of: the value itself, or what a ratio divides. */
function numeratorOf({ metric, kind }: Resolved): Quantity[] {
  const { measure } = metric;
  if (measure.kind === "sum") return measure.plus.map((term) => quantityOf(term, kind));
  if (measure.kind === "ratio") return measure.over.map((term) => quantityOf(term, kind));
  // The two sides of a comparison are no amount together.
  if (measure.kind === "gap") return [];
  return termsOf(measure).map((term) => quantityOf(term, kind));
}

async function figuresOf(
  asking: Asking,
  choices: readonly Choice[],
  span: Span,
  range: RangeCoverage,
): Promise<Figures & { readonly denominator?: Denominator }> {
  const { measure } = asking.resolved.metric;
  switch (measure.kind) {
    case "active":
      return answerActive(asking, measure, span, range);
    case "rolling":
      return answerRolling(asking, measure, span, range);
    case "adoption":
      return answerAdoption(asking, span, range);
    case "gap":
      return answerGap(asking, measure, choices, span, range);
    default:
      return answerSums(asking, measure, choices, span, range);
  }
}

function warnCaveats(asking: Asking, choices: readonly Choice[]): void {
  for (const choice of choices) {
    for (const [quantity, fact] of choice.facts) {
      const caveat = fact.gives[quantity]?.caveat;
      if (caveat && !asking.warnings.some((warning) => warning.code === caveat.code)) asking.warnings.push(caveat);
    }
  }
}

function readsModels(choices: readonly Choice[]): boolean {
  return choices.some((choice) => [...choice.facts.values()].some((fact) => fact.table === "claude_code_models"));
}

function gapWarnings(range: RangeCoverage, grain: Resolved["grain"], { rows }: Figures): Answer["warnings"] {
  const { days, covered, partial } = range.coverage;
  const gaps = days - covered - partial;
  if (gaps + partial === 0) return [];
  const parts = [gaps > 0 ? `${gaps} not collected` : "", partial > 0 ? `${partial} only in part` : ""].filter(Boolean);
  const strays = isUncollected(range) && rows.some((row) => row.value !== null);
  const message =
    `Of ${days} ${days === 1 ? "day" : "days"} ${parts.join(" and ")}: ` +
    `${grain ? "values there are" : "the total is"} not final` +
    (strays ? ", and come from rows that were reported with other days." : ".");
  return [{ code: "incomplete", message }];
}
