import { Button } from "@mantine/core";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";

import { useAnswer, useOrder, type Output } from "../client/index.ts";
import { ABOUT } from "../money/budget-columns.tsx";
import { BudgetForm } from "./budget-form.tsx";
import { Card, ConfirmDialog, DataTable, Empty, ErrorBox, type DataColumn } from "../ui/index.ts";

type Budget = Output<"listBudgets">["budgets"][number];

const COLUMNS: readonly DataColumn<Budget>[] = [
  { id: "name", title: "Name", value: ({ name }) => name },
  ABOUT,
  { id: "amount", title: "Amount", value: ({ amountUsd }) => amountUsd, unit: "usd" },
  { id: "period", title: "Every", value: ({ period }) => period },
  { id: "thresholds", title: "Told at", value: ({ thresholds }) => `${thresholds.join(", ")}%` },
  { id: "basis", title: "By", value: ({ basis }) => basis.join(", ") },
];

/** What may be spent on what, beside the month of the whole organization. */
export function Budgets() {
  const asked = useAnswer("listBudgets", {});
  const remove = useOrder("deleteBudget");
  const [form, setForm] = useState<{ readonly of: Budget | null } | null>(null);
  const [deleting, setDeleting] = useState<Budget | null>(null);
  const columns = useMemo(
    (): readonly DataColumn<Budget>[] => [
      ...COLUMNS,
      {
        id: "delete",
        title: "",
        value: () => "",
        cell: (budget) =>
          budget.id === "monthly" ? (
            <span className="quiet">set above</span>
          ) : (
            <span className="setting-save">
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => setForm({ of: budget })}
                aria-label={`Change ${budget.name}`}
              >
                Change
              </Button>
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => setDeleting(budget)}
                aria-label={`Delete ${budget.name}`}
              >
                Delete
              </Button>
            </span>
          ),
      },
    ],
    [],
  );
  return (
    <Card
      title="Budgets"
      sentence="Of a day, an ISO week or a month, in UTC. The webhook of the alerts is told of each threshold once."
      tools={
        <Button size="xs" leftSection={<Plus size={14} aria-hidden />} onClick={() => setForm({ of: null })}>
          Add a budget
        </Button>
      }
    >
      {asked.isError ? (
        <ErrorBox thrown={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <DataTable
          label="Budgets"
          rows={asked.data?.budgets}
          columns={columns}
          rowKey={({ id }) => id}
          empty={<Empty why="There is no budget yet. One for a team or a workspace tells early where money goes." />}
        />
      )}
      {form !== null && <BudgetForm budget={form.of} onClose={() => setForm(null)} />}
      {deleting !== null && (
        <ConfirmDialog
          opened
          title={`Delete budget ${deleting.name}`}
          verb="Delete"
          onConfirm={() => remove.mutateAsync({ id: deleting.id })}
          onClose={() => setDeleting(null)}
        >
          <p>Nothing is held to it any more. No figure changes.</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
