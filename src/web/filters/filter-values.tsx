import { MultiSelect } from "@mantine/core";

import { useChoices } from "./choices.ts";
import type { Narrowing } from "./filters.ts";

/** The values that one filter lets through, chosen from those that occur. */
export function FilterValues({
  name,
  label,
  values,
  onChange,
}: {
  name: Narrowing;
  label: string;
  values: readonly string[];
  onChange: (values: readonly string[]) => void;
}) {
  const choices = useChoices(name);
  // What the address names is offered even when the record no longer knows it.
  const unknown = values.filter((value) => choices?.every((choice) => choice.value !== value) ?? true);
  return (
    <MultiSelect
      label={label}
      description="Several are alternatives."
      placeholder={choices === undefined ? "Loading" : "Type to find"}
      data={[...(choices ?? []), ...unknown.map((value) => ({ value, label: value }))]}
      value={[...values]}
      onChange={onChange}
      searchable
      limit={100}
      maxDropdownHeight={280}
      nothingFoundMessage={choices === undefined ? "Loading" : "Nothing by that name"}
      comboboxProps={{ withinPortal: false }}
      data-autofocus
    />
  );
}
