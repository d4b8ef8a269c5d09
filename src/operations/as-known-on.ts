import { DAY_MS, dayOfInstant, Failure, parseDay, type Clock } from "../domain/index.ts";
import { DIRECTORY_IS_TODAYS, EVERYTHING, withPast } from "../metrics/index.ts";
import type { OperationContext } from "./context.ts";

interface Warned {
  /** Some say them in words alone. */
  readonly warnings: readonly (string | { readonly code: string; readonly message: string })[];
}

/** What an operation needs of the past: the whole record, or its lists of members, keys and their like alone. */
export type PastPart = "record" | "lists";

/**
 * Answers as was known on the day that `asOf` names: from the record as it stood at the end of that day, by the clock of
 * then. The answer says what of it is today's.
 *
 * @throws Failure `input.invalid` for a day that is none or has not come yet, or a record too large to look back in
 */
export async function asKnownOn<Out>(
  context: OperationContext,
  part: PastPart,
  asOf: string,
  run: (context: OperationContext) => Promise<Out>,
): Promise<Out> {
  const { store, scope, clock } = context;
  const day = parseDay(asOf, "asOf");
  const today = dayOfInstant(clock.now());
  if (day > today) {
    const problem = `${asOf} has not come yet`;
    throw new Failure("input.invalid", { field: "asOf", problem, remedy: "Ask as of today or an earlier day." });
  }
  const needs = part === "lists" ? { tables: [], span: null } : EVERYTHING;
  return withPast(store, scope, day, needs, async (past, own) => {
    const answered = await run({ ...context, store: past, scope: own, clock: endOf(day, clock) });
    // The catalog's test sees to it that all that look back have warnings.
    const { warnings } = answered as Warned;
    // What has a shape of its own says it itself.
    if (warnings.includes(DIRECTORY_IS_TODAYS.message)) return answered;
    return { ...answered, warnings: [...warnings, DIRECTORY_IS_TODAYS] };
  });
}

/** Stands still at the end of the day; today's is not over. */
function endOf(day: number, clock: Clock): Clock {
  const now = Math.min((day + 1) * DAY_MS - 1, clock.now());
  return { now: () => now, sleep: (ms, signal) => clock.sleep(ms, signal) };
}
