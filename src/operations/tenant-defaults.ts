import { judgesActivity, metrics, type Question } from "../metrics/index.ts";
import type { TenantSettings } from "./tenant-settings.ts";

/** What a tenant decided about how a question is read that does not say so itself. */
export type TenantDefaults = Pick<TenantSettings, "activeRule" | "denominator">;

/** The rule and the denominator as they are asked, else as the tenant decided. */
export function rulesOf(asked: Pick<Question, "activeRule" | "denominator">, settings: TenantDefaults) {
  return {
    activeRule: asked.activeRule ?? settings.activeRule,
    denominator: asked.denominator ?? settings.denominator ?? undefined,
  };
}

/**
 * The question with the tenant's own active rule and denominator for those that it leaves open, where the metric takes
 * them. Every operation asks through this, so that pages, API and command line agree; the answer names both.
 */
export function withTenantDefaults(question: Question, settings: TenantDefaults): Question {
  const metric = metrics.find(({ id }) => id === question.metric);
  if (metric === undefined) return question;
  const { activeRule, denominator } = rulesOf(question, settings);
  return {
    ...question,
    ...(judgesActivity(metric) ? { activeRule } : {}),
    ...(metric.measure.kind === "adoption" ? { denominator } : {}),
  };
}
