import { Button, NativeSelect, Select, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";

import { ErrorBox } from "../ui/index.ts";
import type { Wanted, WantedField } from "./actions.ts";
import type { Order } from "./held.ts";
import { useOrganizations } from "./use-organizations.ts";

/** Asks for what a change needs to be planned. Nothing is sent by it. */
export function WantedForm({
  wanted,
  problem,
  busy,
  onWanted,
  onChange,
}: {
  wanted: Wanted;
  problem: unknown;
  busy: boolean;
  onWanted: (order: Order) => void;
  /** What was wrong may be right now. */
  onChange: () => void;
}) {
  const organizations = useOrganizations();
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(wanted.fields.map(({ name, value }) => [name, value ?? ""])),
  );
  const [chosen, setChosen] = useState("");
  const asksOrganization = wanted.organization === undefined && organizations.length > 1;
  const organization = asksOrganization ? chosen || organizations[0]?.id : undefined;
  const isReady = wanted.fields.every(({ name, isOptional }) => isOptional === true || values[name]?.trim() !== "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const order = wanted.orderOf(values);
    onWanted(organization === undefined ? order : { ...order, organization });
  };
  return (
    <form className="change-form" onSubmit={submit}>
      <p className="quiet">{wanted.says}</p>
      {asksOrganization && (
        <NativeSelect
          label="Organization"
          value={organization ?? ""}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={organizations.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      {wanted.fields.map((field, at) => (
        <Asked
          key={field.name}
          field={field}
          isFirst={at === 0}
          value={values[field.name] ?? ""}
          onChange={(next) => {
            onChange();
            setValues({ ...values, [field.name]: next });
          }}
        />
      ))}
      {problem !== null && <ErrorBox thrown={problem} means="Nothing was changed." />}
      <div className="change-decide">
        <Button type="submit" disabled={!isReady} loading={busy}>
          See what would happen
        </Button>
      </div>
    </form>
  );
}

function Asked({
  field: { label, description, as, choices = [], isOptional = false, placeholder },
  isFirst,
  value,
  onChange,
}: {
  field: WantedField;
  isFirst: boolean;
  value: string;
  onChange: (next: string) => void;
}) {
  const shared = {
    label,
    ...(description === undefined ? {} : { description }),
    ...(placeholder === undefined ? {} : { placeholder }),
    required: !isOptional,
    withAsterisk: false,
    ...(isFirst ? { "data-autofocus": true } : {}),
  };
  switch (as) {
    case "choice":
      return (
        <NativeSelect
          {...shared}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          data={[...choices]}
        />
      );
    case "search":
      return (
        <Select
          {...shared}
          searchable
          limit={100}
          nothingFoundMessage="Nothing is called so."
          data={[...choices]}
          value={value === "" ? null : value}
          onChange={(next) => onChange(next ?? "")}
        />
      );
    case "lines":
      return (
        <Textarea
          {...shared}
          rows={3}
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "text":
    case "email":
    case "number":
      return (
        <TextInput
          {...shared}
          type={as === "email" ? "email" : "text"}
          {...(as === "number" ? { inputMode: "numeric" as const, pattern: "[0-9]*" } : {})}
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
