import type { DayRange, Question } from "../../metrics/index.ts";
import { fitting, isAnswer } from "./asking.ts";
import type { Asker } from "./asking.ts";

/**
 * One range for all figures of a page: as asked, or the 30 days that end when all of them are complete. Without it
 * each would end at the last complete day of its own source, and they could not stand side by side.
 */
export async function commonRange(asker: Asker, questions: readonly Question[]): Promise<DayRange | null> {
  const [first] = questions;
  if (first?.from !== undefined && first.to !== undefined) return { from: first.from, to: first.to };
  let range: DayRange | null = null;
  for (const question of questions) {
    const found = await asker.tryAsk(fitting(question));
    if (!isAnswer(found) || found.coverage.covered === 0) continue;
    const { from, to } = found.range;
    if (range === null || to < range.to) range = { from, to };
  }
  return range;
}
