import type { Answer, Question } from "../../metrics/index.ts";
import { catalog, nearNames } from "../../operations/index.ts";
import type { ToolCall } from "../tool-call.ts";
import { quoted } from "./words.ts";

/**
 * Where a condition met no row at all, what there is instead: a misspelt team is no team without spend.
 *
 * Asked in the caller's scope, so only of what they may see.
 */
export async function nearNote(call: ToolCall, question: Question, answer: Answer): Promise<string[]> {
  if (!answer.warnings.some(({ code }) => code === "no_such_value")) return [];
  const { from, to } = answer.range;
  const notes: string[] = [];
  for (const [dimension, own] of Map.groupBy(answer.where, (condition) => condition.dimension)) {
    const where = answer.where.filter((condition) => condition.dimension !== dimension);
    const { metric, kind, population, source } = question;
    const asked = { metric, kind, population, source, from, to, where, by: [dimension] };
    const { rows } = await call.ask(await catalog.report(), asked);
    const members = rows.flatMap(({ [dimension]: member }) => (typeof member === "string" ? [member] : []));
    const missing = own.flatMap(({ value }) => (value === null || members.includes(value) ? [] : [value]));
    for (const value of missing) {
      const near = nearNames(value, members);
      const choices = near.length > 0 ? near : members.slice(0, 10);
      const said = choices.map((one) => quoted(one)).join(", ");
      notes.push(
        choices.length === 0
          ? `There is no ${dimension} at all under these conditions.`
          : `There is no ${dimension} ${quoted(value)} here. ${near.length > 0 ? "Alike" : "There are"}: ${said}.`,
      );
    }
  }
  return notes;
}
