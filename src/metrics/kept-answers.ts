import { dayOfInstant } from "../domain/index.ts";
import type { Scope } from "../domain/index.ts";
import { revisionOf } from "../store/index.ts";
import type { Revision, Tx } from "../store/index.ts";
import type { Resolved } from "./resolve.ts";
import type { Answer } from "./types.ts";

/** Rows of all kept answers of a tenant together; a breakdown with more than a quarter of them is not kept. */
const MOST_ROWS = 40_000;

interface Kept {
  readonly answers: Map<string, Answer>;
  rows: number;
}

const ofRevision = new WeakMap<Revision, Kept>();

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
  const revision = await revisionOf(tx, scope);
  if (revision === null) return answer();
  const kept = ofRevision.get(revision) ?? { answers: new Map<string, Answer>(), rows: 0 };
  ofRevision.set(revision, kept);
  const key = keyOf(scope, question, `${extent} ${dayOfInstant(now)}`);
  const found = kept.answers.get(key);
  if (found !== undefined) return found;
  const made = await answer();
  const size = made.rows.length + 1;
  if (size > MOST_ROWS / 4 || kept.answers.has(key)) return made;
  kept.answers.set(key, made);
  kept.rows += size;
  for (const [oldest, { rows }] of kept.answers) {
    if (kept.rows <= MOST_ROWS) break;
    kept.answers.delete(oldest);
    kept.rows -= rows.length + 1;
  }
  return made;
}

/** What it shows depends on how people appear to whoever asks. */
function keyOf({ privacy, self }: Scope, question: Resolved, rest: string): string {
  const { metric, by, where, ...others } = question;
  const filters = where.map(({ dimension, values }) => [dimension.id, [...values]]);
  return JSON.stringify([rest, metric.id, by.map(({ id }) => id), filters, others, privacy, self ?? null]);
}
