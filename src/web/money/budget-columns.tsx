import type { Output } from "../client/index.ts";
import { NamedCell } from "../directory/named-cell.tsx";
import type { DataColumn } from "../ui/index.ts";
import { budgetAbout, budgetScope } from "./budget.ts";

type Budget = Output<"listBudgets">["budgets"][number];

/** What each budget limits: by its name, with the id on hover where there is one. */
export const ABOUT: DataColumn<Budget> = {
  id: "about",
  title: "Of",
  value: budgetAbout,
  cell: (budget) => (
    <NamedCell name={budgetAbout(budget)} below={budget.missing ?? budgetScope(budget)} id={budget.value} />
  ),
};
