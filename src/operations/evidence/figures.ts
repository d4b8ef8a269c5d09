import { Failure, isFailure } from "../../domain/index.ts";
import {
  ask,
  metrics,
  quantityOf,
  shownAmount,
  termsOf,
  type Answer,
  type Metric,
  type Quantity,
  type Question,
} from "../../metrics/index.ts";
import { withTenantDefaults } from "../tenant-defaults.ts";
import type { Asker } from "../money/asking.ts";

/** A figure as Bursar tells it, the question that made it, and the sums of records that it is made of. */
export interface Figure {
  readonly title: string;
  readonly unit: Answer["unit"];
  /** As text, so that no digit is lost on the way through another program. */
  readonly value: string | null;
  readonly reason: string | null;
  /** How to ask for it again. */
  readonly query: { readonly operation: "report"; readonly input: Question };
  readonly formula: string;
  readonly source: readonly string[];
  readonly parts: readonly { readonly sum: string; readonly sign: 1 | -1 }[];
  /**
   * Whether the sums of the records in this bundle come to the figure. Null where it is no sum: a ratio, a count of
   * people; its parts are there all the same.
   */
  readonly agrees: boolean | null;
  readonly rows: Answer["rows"];
  readonly provisional: readonly string[];
  readonly warnings: Answer["warnings"];
}

/** Asks each question; those that have no figure here are left out. @param sums by id, null where no record tells it */
export async function figuresOf(
  asker: Asker,
  questions: readonly Question[],
  sums: ReadonlyMap<string, bigint | null>,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const question of questions) {
    const answer = await answerOf(asker, question, questions.length === 1);
    if (answer === null) continue;
    const metric = metrics.find(({ id }) => id === question.metric)!;
    const parts = partsOf(metric, answer, sums);
    const value = answer.total.value === null ? null : String(answer.total.value);
    figures.push({
      title: `${answer.title}${answer.kind === null ? "" : ` (${answer.kind})`}`,
      unit: answer.unit,
      value,
      reason: answer.total.reason ?? null,
      query: { operation: "report", input: question },
      formula: metric.formula,
      source: answer.source,
      parts,
      agrees: value === null || metric.measure.kind !== "sum" ? null : value === addedUp(parts, sums, answer.unit),
      rows: answer.rows,
      provisional: answer.provisional,
      warnings: answer.warnings,
    });
  }
  return figures;
}

async function answerOf(asker: Asker, question: Question, isOnly: boolean): Promise<Answer | null> {
  try {
    return await ask(asker.store, asker.scope, withTenantDefaults(question, asker.defaults), asker.now);
  } catch (thrown) {
    // Of many figures one may not be told of these people, or by these sources.
    if (
      !isOnly &&
      thrown instanceof Failure &&
      isFailure(thrown) &&
      /^(input\.dimension|access\.|privacy\.)/.test(thrown.code)
    )
      return null;
    throw thrown;
  }
}

function partsOf(metric: Metric, { source, kind }: Answer, sums: ReadonlyMap<string, bigint | null>): Figure["parts"] {
  const { measure } = metric;
  const less = measure.kind === "sum" ? (measure.minus ?? []) : [];
  return termsOf(measure).flatMap((term) => {
    const quantity: Quantity = quantityOf(term, kind ?? "estimated");
    // Claude Code's cost is the same money under the name of its own metrics.
    const name = quantity.replace(/^claude_code_/, "");
    return source
      .map((stream) => `${stream}.${name}`)
      .filter((id) => sums.has(id))
      .map((sum) => ({ sum, sign: less.includes(term) ? (-1 as const) : (1 as const) }));
  });
}

function addedUp(parts: Figure["parts"], sums: ReadonlyMap<string, bigint | null>, unit: Answer["unit"]): string {
  const sum = parts.reduce((total, part) => total + BigInt(part.sign) * (sums.get(part.sum) ?? 0n), 0n);
  return String(shownAmount(sum, unit));
}
