import { dayOfInstant, dayText, isFailure, parseDay } from "../../domain/index.ts";
import { getSetting, listAnomalies, putAnomaly, setSetting } from "../../store/index.ts";
import type { OperationContext } from "../context.ts";
import { withAsker } from "./asking.ts";
import { unusualDays } from "./checks/anomalies.ts";

/**
 * Data of a day may still come, and take it out of the ordinary or back into it. As many as the days of a report, so that
 * somebody may take note of every finding that its page lists.
 */
const WATCHED_DAYS = 30;
const SETTING = "anomalies.lookedOn";

/**
 * Notes which of the last days stand out, once a day: new ones are open until somebody takes note of them, and those that
 * the source's restatements made ordinary are resolved.
 *
 * For who may see people, as the programs of the operator do. What hinders it is logged; it is due after the next sync.
 */
export async function watchAfterSync(context: OperationContext): Promise<void> {
  if (context.signal.aborted) return;
  try {
    await watchAnomalies(context);
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    context.log("warn", "anomalies.not_watched", { code: thrown.code });
  }
}

async function watchAnomalies(context: OperationContext): Promise<void> {
  const { clock, scope, store } = context;
  const nowMs = clock.now();
  const today = dayOfInstant(nowMs);
  if ((await store.read((tx) => getSetting(tx, scope, SETTING))) === dayText(today)) return;
  const first = today - WATCHED_DAYS;
  const range = { from: dayText(first), to: dayText(today - 1) };
  const found = await withAsker(context, (asker) => unusualDays(asker, range, {}));
  await store.write(async (tx) => {
    if (typeof found !== "string") {
      const known = new Map((await listAnomalies(tx, scope, first)).map((row) => [row.anomalyId, row]));
      for (const { id, title } of found) {
        if (known.has(id)) continue;
        const [, dimension = ""] = id.split(":");
        await putAnomaly(tx, scope, {
          anomalyId: id,
          dimension,
          day: parseDay(id.slice(-10)),
          title,
          state: "open",
          openedMs: nowMs,
          acknowledgedMs: null,
          acknowledgedBy: null,
          resolvedMs: null,
          resolvedBy: null,
        });
      }
      const still = new Set(found.map(({ id }) => id));
      for (const row of known.values()) {
        if (row.state === "resolved" || still.has(row.anomalyId)) continue;
        await putAnomaly(tx, scope, { ...row, state: "resolved", resolvedMs: nowMs, resolvedBy: null });
      }
    }
    await setSetting(tx, scope, SETTING, dayText(today));
  });
}
