import { intOf, oneOf, textOf, textOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, Tx, WriteTx } from "./types.ts";

export const BUDGET_SCOPES = ["organization", "workspace", "team", "person", "api_key", "model", "tool"] as const;
export const BUDGET_PERIODS = ["day", "week", "month"] as const;
export const BUDGET_KINDS = ["estimated", "list", "net", "notional"] as const;
export const BUDGET_BASES = ["actual", "forecast"] as const;

/** What something may cost in each day, ISO week or month, in UTC. */
export interface BudgetRow {
  readonly budgetId: string;
  readonly name: string;
  readonly scope: (typeof BUDGET_SCOPES)[number];
  /** Which one of them; null is all, or the one without an id, as the default workspace is. */
  readonly value: string | null;
  readonly period: (typeof BUDGET_PERIODS)[number];
  readonly amountUsd: string;
  readonly kind: (typeof BUDGET_KINDS)[number];
  /** Of a hundred parts of the amount. */
  readonly thresholds: readonly number[];
  readonly basis: readonly (typeof BUDGET_BASES)[number][];
  readonly createdMs: number;
}

/** By name. */
export async function listBudgets(tx: Tx, scope: Pick<Scope, "tenantId">): Promise<BudgetRow[]> {
  const rows = await sessionOf(tx).all(
    `select budget_id, name, scope, scope_value, period, amount_usd, kind, thresholds, basis, created_ms
     from budgets
     where tenant_id = ?
     order by name, budget_id`,
    [scope.tenantId],
  );
  return rows.map((row) => ({
    budgetId: textOf(row, "budget_id"),
    name: textOf(row, "name"),
    scope: oneOf(row, "scope", BUDGET_SCOPES),
    value: textOrNull(row, "scope_value"),
    period: oneOf(row, "period", BUDGET_PERIODS),
    amountUsd: textOf(row, "amount_usd"),
    kind: oneOf(row, "kind", BUDGET_KINDS),
    thresholds: JSON.parse(textOf(row, "thresholds")) as number[],
    basis: JSON.parse(textOf(row, "basis")) as BudgetRow["basis"],
    createdMs: intOf(row, "created_ms"),
  }));
}

/** Keeps a budget; one of the same id is replaced, and stays as old as it was. */
export async function putBudget(tx: WriteTx, scope: Pick<Scope, "tenantId">, budget: BudgetRow): Promise<void> {
  await sessionOf(tx).run(
    `insert into budgets (tenant_id, budget_id, name, scope, scope_value, period, amount_usd, kind, thresholds, basis,
       created_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (tenant_id, budget_id) do update
     set name = excluded.name, scope = excluded.scope, scope_value = excluded.scope_value, period = excluded.period,
       amount_usd = excluded.amount_usd, kind = excluded.kind, thresholds = excluded.thresholds, basis = excluded.basis`,
    [
      scope.tenantId,
      budget.budgetId,
      budget.name,
      budget.scope,
      budget.value,
      budget.period,
      budget.amountUsd,
      budget.kind,
      JSON.stringify(budget.thresholds),
      JSON.stringify(budget.basis),
      budget.createdMs,
    ],
  );
}

/** Whether there was such a budget. */
export async function deleteBudget(tx: WriteTx, scope: Pick<Scope, "tenantId">, budgetId: string): Promise<boolean> {
  const deleted = await sessionOf(tx).run("delete from budgets where tenant_id = ? and budget_id = ?", [
    scope.tenantId,
    budgetId,
  ]);
  return deleted > 0;
}
