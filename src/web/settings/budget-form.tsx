import { Autocomplete, Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useMemo, useState, type FormEvent } from "react";

import { asProblem, textIn, useOrder, type Input, type Output, type Problem } from "../client/index.ts";
import { useChoices, type Narrowing } from "../filters/index.ts";
import { BUDGET_SCOPES, PERIODS } from "../money/budget.ts";
import { Dialog } from "../ui/dialog.tsx";
import { ErrorBox } from "../ui/index.ts";

type Budget = Output<"listBudgets">["budgets"][number];
type Wanted = Input<"saveBudget">;
type Scope = Wanted["scope"];

/** What there is to choose from, as the filters of the pages offer it. */
const NARROWINGS: Readonly<Partial<Record<Scope, Narrowing>>> = {
  workspace: "workspace",
  team: "team",
  person: "person",
  api_key: "key",
  model: "model",
};

/** What an empty field means, where it means something. */
const EMPTY: Readonly<Partial<Record<Scope, string>>> = {
  workspace: "Empty: the default workspace.",
  team: "Empty: whoever is in no team.",
  api_key: "Empty: use without a key.",
};

const WHICH: Readonly<Partial<Record<Scope, string>>> = {
  workspace: "A name or an id.",
  team: "As the list of people has it.",
  person: "An e-mail address.",
  api_key: "A name or an id.",
  model: "An id such as claude-opus-4-8.",
  tool: "A product of the cost analytics, such as claude_code.",
};

/** Makes a budget, or changes one. */
export function BudgetForm({ budget, onClose }: { budget: Budget | null; onClose: () => void }) {
  const save = useOrder("saveBudget");
  const [scope, setScope] = useState<Scope>(budget?.scope ?? "team");
  const [bases, setBases] = useState<readonly string[]>(budget?.basis ?? ["actual"]);
  const choices = useChoices(NARROWINGS[scope] ?? null);
  const names = useMemo(
    () => [...new Set((choices ?? []).filter(({ value }) => value !== "null").map(({ label }) => label))],
    [choices],
  );
  const problem = save.isError ? asProblem(save.error) : null;
  // A problem of a field stands at the field.
  const field = problem?.field?.split(".")[0];
  const atField = (name: string) => (field === name ? { error: sentence(problem) } : {});
  const isShown = ["name", "value", "amountUsd", "thresholds"].includes(field ?? "");
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
        ...(budget === null ? {} : { id: budget.id, ...(scope === budget.scope ? { kind: budget.kind } : {}) }),
        name: textIn(form, "name"),
        scope,
        value: scope === "organization" || value === "" ? null : valueOf(budget, scope, value),
        period: textIn(form, "period") as Wanted["period"],
        amountUsd: textIn(form, "amount").trim(),
        thresholds,
        basis: bases as NonNullable<Wanted["basis"]>,
      },
      { onSuccess: onClose },
    );
  };
  const title = budget === null ? "Add a budget" : `Change budget ${budget.name}`;
  const about = [WHICH[scope], EMPTY[scope]].filter((text) => text !== undefined).join(" ");
  return (
    <Dialog onClose={onClose} title={title} size="lg">
      <form className="setting-form" onSubmit={submit}>
        <TextInput
          name="name"
          label="Name"
          required
          data-autofocus
          autoComplete="off"
          maxLength={80}
          defaultValue={budget?.name ?? ""}
          {...atField("name")}
        />
        <NativeSelect
          label="Of"
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value as Scope)}
          data={BUDGET_SCOPES}
        />
        {scope !== "organization" && (
          <Autocomplete
            key={scope}
            name="value"
            label="Which one"
            description={about}
            data={names}
            limit={50}
            defaultValue={budget?.scope === scope ? (budget.called ?? budget.value ?? "") : ""}
            required={EMPTY[scope] === undefined}
            autoComplete="off"
            maxLength={320}
            comboboxProps={{ withinPortal: false }}
            {...atField("value")}
          />
        )}
        <TextInput
          name="amount"
          label="Amount, in USD"
          required
          inputMode="decimal"
          autoComplete="off"
          defaultValue={budget?.amountUsd ?? ""}
          {...atField("amountUsd")}
        />
        <NativeSelect name="period" label="Every" defaultValue={budget?.period ?? "month"} data={PERIODS} />
        <TextInput
          name="thresholds"
          label="Told at, in per cent"
          defaultValue={(budget?.thresholds ?? [50, 75, 90, 100]).join(", ")}
          autoComplete="off"
          {...atField("thresholds")}
        />
        <Checkbox.Group label="By" value={[...bases]} onChange={setBases}>
          <div className="setting-choices">
            <Checkbox value="actual" label="What is spent" />
            <Checkbox value="forecast" label="What is expected by the end" />
          </div>
        </Checkbox.Group>
        {save.isError && !isShown && <ErrorBox thrown={save.error} means="Nothing was saved." />}
        <div className="setting-save">
          <Button type="submit" loading={save.isPending} disabled={bases.length === 0}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Beside the field its name need not be said. */
function sentence(problem: Problem | null): string {
  const text = `${problem?.detail ?? ""} ${problem?.hint ?? ""}`.replace(/^[\w.]+: /, "").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What was left as it is goes back as the id that it stands for: its name may not tell it from others. */
function valueOf(budget: Budget | null, scope: Scope, value: string): string {
  return budget?.scope === scope && budget.called === value && budget.value !== null ? budget.value : value;
}
