import { dayOfInstant } from "../domain/index.ts";
import type { Scope } from "../domain/index.ts";
import type { Tx } from "../store/index.ts";
import { Kept } from "./kept.ts";
import type { Resolved } from "./resolve.ts";
import type { Answer } from "./types.ts";

const answers = new Kept<Answer>(40_000, ({ rows }) => rows.length);

/**
 * Answers a question from what was answered while the rows were the same: the pages ask for much of the same, and one
 * page for some of it twice.
 */
export async function keptAnswer(
  tx: Tx,
  scope: Scope,
  { question, extent, now }: { readonly question: Resolved; readonly extent: string; readonly now: number },
  answer: () => Promise<Answer>,
): Promise<Answer> {
  return answers.get(tx, scope, () => keyOf(scope, question, `${extent} ${dayOfInstant(now)}`), answer);
}

/** What it shows depends on how people appear to whoever asks. */
function keyOf({ privacy, self }: Scope, question: Resolved, rest: string): string {
  const { metric, by, where, ...others } = question;
  const filters = where.map(({ dimension, values }) => [dimension.id, [...values]]);
  return JSON.stringify([rest, metric.id, by.map(({ id }) => id), filters, others, privacy, self ?? null]);
}
