import { readActivity, type Activity, type ActivityQuestion } from "../metrics/index.ts";
import type { OperationContext } from "./context.ts";
import { refuseStale } from "./stale-rows.ts";
import { rulesOf } from "./tenant-defaults.ts";
import { readSettings } from "./tenant-settings.ts";

/** Looks at the activity of a range; the tenant's own rule and denominator stand in for those that are not asked. */
export async function askActivity<T extends object>(
  context: OperationContext,
  question: ActivityQuestion,
  use: (activity: Activity) => Promise<T>,
  defaultDays?: number,
): Promise<T> {
  await refuseStale(context);
  const { store, scope, clock } = context;
  const settings = await store.read((tx) => readSettings(tx, scope));
  const asked = { ...question, ...rulesOf(question, settings) };
  return readActivity(store, scope, asked, clock.now(), use, defaultDays);
}
