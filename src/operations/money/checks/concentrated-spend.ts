import { NAMED, divideHalfEven } from "../../../domain/index.ts";
import { amountOf, cents, sumOf } from "../amount.ts";
import { askerOf, isAnswer } from "../asking.ts";
import { concentrationOf } from "../concentration.ts";
import type { Check, Ground } from "../findings.ts";
import { percent } from "../health.ts";

/** Half of the spend by a tenth of the people. */
const HALF = 0.5;

/** A few people who spend most of it. */
export const concentratedSpend: Check = {
  id: "spend_concentration",
  title: "Spend concentration",
  async look(ground) {
    const amounts = await amountsOfPeople(ground);
    if (amounts === null) return "spend cannot be told by person under these filters";
    const { privacy } = ground.asker.scope;
    const found = concentrationOf(amounts, privacy.mode === "named" ? 1 : privacy.minimumGroup);
    if (found.reason === "below_minimum_sample") return `only ${found.people} people have spend; ten are needed`;
    if (found.reason === "suppressed_for_privacy") return "the top tenth is a group too small to show";
    if (found.topShare === null || found.topShare <= HALF) return [];
    const share = BigInt(Math.round(found.topShare * 1e6));
    return [
      {
        id: "spend_concentration",
        title: `${found.topPeople} of ${found.people} people make ${percent(found.topShare)} of the spend`,
        severity: found.topShare >= 0.75 ? "medium" : "low",
        amountUsd: cents(divideHalfEven(sumOf(amounts) * share, 1_000_000n)),
        people: found.topPeople,
        sentence: `The ${found.topPeople} people who spend the most make ${percent(found.topShare)} of the spend of all ${found.people}.`,
        evidence: [
          { label: "Share of the top tenth", value: found.topShare, unit: "ratio" },
          { label: "Gini coefficient", value: found.gini, unit: "ratio" },
          { label: "People with spend", value: found.people, unit: "people" },
        ],
        link: { page: "/spend", filters: { ...ground.range } },
      },
    ];
  },
};

/** Of everybody, whoever asks: what comes of it is about the whole. */
export async function amountsOfPeople({ asker, range, filters }: Pick<Ground, "asker" | "range" | "filters">) {
  const everybody = askerOf(asker.store, { ...asker.scope, privacy: NAMED }, asker.now, asker.defaults);
  const found = await everybody.tryAsk({ ...filters, ...range, metric: "cost", by: ["person"], population: "humans" });
  if (!isAnswer(found)) return null;
  return found.rows.map((row) => amountOf(row.value, "usd")).filter((amount) => amount !== null);
}
