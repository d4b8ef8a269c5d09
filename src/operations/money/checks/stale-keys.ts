import { dayOfInstant, dayOfText, dayText, grouped } from "../../../domain/index.ts";
import { listedKeys } from "../../../metrics/index.ts";
import { isAnswer } from "../asking.ts";
import type { Check } from "../findings.ts";

const UNUSED_DAYS = 90;

/** Keys that are active, at least 90 days old, and were not used for 90 days. */
export const staleKeys: Check = {
  id: "stale_keys",
  title: "Stale keys",
  async look({ asker }) {
    const today = dayOfInstant(asker.now);
    const first = today - UNUSED_DAYS;
    const range = { from: dayText(Math.max(0, first)), to: dayText(today - 1) };
    const used = await asker.tryAsk({ metric: "tokens", by: ["api_key"], source: "messages", ...range });
    if (!isAnswer(used)) return used.unavailable;
    const { covered, days } = used.coverage;
    if (covered < days) return `usage by key is held for ${covered} of the last ${UNUSED_DAYS} days only`;
    const keys = await asker.store.read((tx) => listedKeys(tx, asker.scope));
    if (keys.length === 0) return "the list of keys was not read yet";
    const seen = new Set(used.rows.filter(({ value }) => value !== 0).map((row) => row["api_key"]));
    const active = keys.filter(({ status }) => status === "active");
    const stale = active.filter(({ id, createdAt }) => {
      const made = createdAt === null ? null : dayOfText(createdAt);
      return !seen.has(id) && made !== null && made < first;
    });
    if (stale.length === 0) return [];
    const many = stale.length === 1 ? "1 key is" : `${grouped(stale.length)} keys are`;
    return [
      {
        id: "stale_keys",
        title: `${many} active and unused for 90 days`,
        severity: "medium",
        amountUsd: null,
        people: null,
        sentence: `${many} active, at least 90 days old, and without a single token in the last 90 days: a leak would go unseen.`,
        evidence: [
          { label: "Active and unused", value: stale.length, unit: "count" },
          { label: "Active in all", value: active.length, unit: "count" },
          { label: "Days looked at", value: UNUSED_DAYS, unit: "days" },
        ],
        link: { page: "/keys", filters: {} },
      },
    ];
  },
};
