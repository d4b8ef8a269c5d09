import { grouped, parseDay } from "../../../domain/index.ts";
import { isAnswer } from "../asking.ts";
import type { Check } from "../findings.ts";

const FEWEST_DAYS = 14;

const LISTED = {
  roster: "on the roster",
  org_members: "on the list of members",
  ever_active: "who were ever active",
  assigned_seats: "with a seat",
} as const;

/** People who could use Claude Code and did not, over the whole range. Counted, not named. */
export const idlePeople: Check = {
  id: "idle_people",
  title: "Idle people",
  async look({ asker, range, filters }) {
    if (parseDay(range.to) - parseDay(range.from) + 1 < FEWEST_DAYS) return "the range is shorter than two weeks";
    const found = await asker.tryAsk({ metric: "adoption_rate", ...range, where: filters.where });
    if (!isAnswer(found)) return found.unavailable;
    if (found.total.value === null) return "nobody is known who could be active";
    const eligible = Number(found.total.parts?.["eligible"] ?? 0);
    const active = Number(found.total.parts?.["active"] ?? 0);
    const idle = eligible - active;
    if (idle <= 0) return [];
    return [
      {
        id: "idle_people",
        title: `${grouped(idle)} of ${grouped(eligible)} people were never active`,
        severity: idle / eligible >= 0.5 ? ("medium" as const) : ("low" as const),
        amountUsd: null,
        people: idle,
        sentence: `${grouped(idle)} of the ${grouped(eligible)} people ${LISTED[found.denominator ?? "org_members"]} did not use Claude Code on any day of the range.`,
        evidence: [
          { label: "Could be active", value: eligible, unit: "people" as const },
          { label: "Were active", value: active, unit: "people" as const },
          { label: "Adoption", value: found.total.value, unit: "ratio" as const },
        ],
        link: { page: "/adoption", filters: { ...range } },
      },
    ];
  },
};
