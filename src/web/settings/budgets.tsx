import { Button, Checkbox, Modal, NativeSelect, TextInput } from "@mantine/core";
import { Plus } from "lucide-react";
import { useMemo, useState, type FormEvent } from "react";

import { textIn, useAnswer, useOrder, type Input, type Output } from "../client/index.ts";
import { NamedCell } from "../directory/named-cell.tsx";
import { BUDGET_SCOPES, budgetAbout, PERIODS } from "../money/budget.ts";
import { Card, ConfirmDialog, DataTable, Empty, ErrorBox, type DataColumn } from "../ui/index.ts";

type Budget = Output<"listBudgets">["budgets"][number];
type Wanted = Input<"saveBudget">;

const COLUMNS: readonly DataColumn<Budget>[] = [
  { id: "name", title: "Name", value: ({ name }) => name },
  { id: "about", title: "Of", value: budgetAbout, cell: (budget) => <NamedCell name={budgetAbout(budget)} /> },
  { id: "amount", title: "Amount", value: ({ amountUsd }) => amountUsd, unit: "usd" },
  { id: "period", title: "Every", value: ({ period }) => period },
  { id: "thresholds", title: "Told at", value: ({ thresholds }) => `${thresholds.join(", ")}%` },
  { id: "basis", title: "By", value: ({ basis }) => basis.join(", ") },
];

/** What may be spent on what, beside the month of the whole organization. */
export function Budgets() {
  const asked = useAnswer("listBudgets", {});
  const remove = useOrder("deleteBudget");
  const [isMaking, setIsMaking] = useState(false);
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
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => setDeleting(budget)}
              aria-label={`Delete ${budget.name}`}
            >
              Delete
            </Button>
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
        <Button size="xs" leftSection={<Plus size={14} aria-hidden />} onClick={() => setIsMaking(true)}>
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
      {isMaking && <MakeBudget onClose={() => setIsMaking(false)} />}
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

function MakeBudget({ onClose }: { onClose: () => void }) {
  const save = useOrder("saveBudget");
  const [scope, setScope] = useState<Wanted["scope"]>("team");
  const [bases, setBases] = useState<readonly string[]>(["actual"]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = textIn(form, "value").trim();
    const thresholds = textIn(form, "thresholds")
      .split(/[\s,;%]+/)
      .filter((text) => text !== "")
      .map(Number);
    save.mutate(
      {
        name: textIn(form, "name"),
        scope,
        value: scope === "organization" || value === "" ? null : value,
        period: textIn(form, "period") as Wanted["period"],
        amountUsd: textIn(form, "amount").trim(),
        thresholds,
        basis: bases as NonNullable<Wanted["basis"]>,
      },
      { onSuccess: onClose },
    );
  };
  return (
    <Modal opened onClose={onClose} title="Add a budget" size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      <form className="setting-form" onSubmit={submit}>
        <TextInput name="name" label="Name" required data-autofocus autoComplete="off" maxLength={80} />
        <NativeSelect
          label="Of"
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value as Wanted["scope"])}
          data={BUDGET_SCOPES}
        />
        {scope !== "organization" && (
          <TextInput
            name="value"
            label="Which one"
            description="As tables and filters name it: a team, an e-mail, the id of a workspace, key or model, claude_code."
            autoComplete="off"
            maxLength={320}
          />
        )}
        <TextInput name="amount" label="Amount, in USD" required inputMode="decimal" autoComplete="off" />
        <NativeSelect name="period" label="Every" defaultValue="month" data={PERIODS} />
        <TextInput name="thresholds" label="Told at, in per cent" defaultValue="50, 75, 90, 100" autoComplete="off" />
        <Checkbox.Group label="By" value={[...bases]} onChange={setBases}>
          <div className="setting-choices">
            <Checkbox value="actual" label="What is spent" />
            <Checkbox value="forecast" label="What is expected by the end" />
          </div>
        </Checkbox.Group>
        {save.isError && <ErrorBox thrown={save.error} means="Nothing was saved." />}
        <div className="setting-save">
          <Button type="submit" loading={save.isPending} disabled={bases.length === 0}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}
