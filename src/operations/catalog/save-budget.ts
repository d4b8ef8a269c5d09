import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { listBudgets, putBudget } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { budgetTarget, budgetTargets } from "../money/budget-targets.ts";
import { budgetFields, MONTHLY } from "../money/budgets.ts";

const MOST_BUDGETS = 100;
/** Told by no estimate: of these the bills and the analytics reports know. */
const BILLED_ONLY = ["workspace", "api_key", "tool"];

export const saveBudget = defineOperation({
  id: "saveBudget",
  title: "Save a budget",
  summary: "Sets what may be spent in a day, week or month on what; alerts tell when a threshold of it is crossed.",
  input: z
    .object({
      id: z.string().optional().describe("a budget to replace; absent: a new one"),
      ...budgetFields,
      value: budgetFields.value.default(null),
      kind: budgetFields.kind.optional().describe("estimated where it is told, else net"),
      thresholds: budgetFields.thresholds.default([50, 75, 90, 100]),
      basis: budgetFields.basis.default(["actual"]),
    })
    .refine(({ scope, value }) => value !== null || ["organization", "workspace", "team", "api_key"].includes(scope), {
      path: ["value"],
      message: "is needed: say which one",
    })
    .refine(({ amountUsd }) => Number(amountUsd) > 0, { path: ["amountUsd"], message: "is nothing at all" })
    .refine(
      ({ scope, kind }) => !BILLED_ONLY.includes(scope) || kind === undefined || kind === "net" || kind === "list",
      {
        path: ["kind"],
        message: "is not told of workspaces, keys and tools: net or list",
      },
    ),
  output: z.object({ id: z.string() }),
  permission: "settings",
  effect: "write",
  audit: {
    event: "budget.saved",
    facts: ({ id }, { scope, period, amountUsd }) => ({ budget: id, scope, period, amount_usd: amountUsd }),
  },
  run: ({ store, scope: tenant, clock, random, caller }, { id, kind, ...wanted }) =>
    store.write(async (tx) => {
      if (wanted.scope === "person" && !caller.permissions.has("people")) {
        throw new Failure("access.above_own", { permissions: "people" });
      }
      const all = await listBudgets(tx, tenant);
      const before = all.find(({ budgetId }) => budgetId === id);
      if (id !== undefined && before === undefined) throw unknownBudget(id);
      if (before === undefined && all.length >= MOST_BUDGETS) {
        const problem = `there are ${MOST_BUDGETS} budgets already`;
        throw new Failure("input.invalid", { field: "name", problem, remedy: "Delete one that is not needed." });
      }
      const { scope: kindOf, value } = wanted;
      // A budget of what is not there would say $0.00 for ever. One that is changed may go on naming what went.
      const isSame = before?.scope === kindOf && before.value === value;
      const target = value === null || isSame ? value : budgetTarget(await budgetTargets(tx, tenant, kindOf), value);
      const budgetId = before?.budgetId ?? `b_${random.bytes(6).toString("hex")}`;
      await putBudget(tx, tenant, {
        ...wanted,
        value: target,
        budgetId,
        kind: kind ?? (BILLED_ONLY.includes(wanted.scope) ? "net" : "estimated"),
        createdMs: before?.createdMs ?? clock.now(),
      });
      return { id: budgetId };
    }),
});

/** One of another tenant is one that there is not. */
export function unknownBudget(id: string): Failure {
  if (id !== MONTHLY) return new Failure("access.unknown", { what: "budget" });
  const problem = "is the budget of the settings";
  return new Failure("input.invalid", { field: "id", problem, remedy: "Change budgetMonthlyUsd." });
}
