import { Select, Switch } from "@mantine/core";

import type { Output } from "../client/index.ts";
import type { Choice, Metric } from "./choice.ts";

type Described = Output<"describeMetrics">;

interface PivotControlsProps {
  readonly choice: Choice;
  readonly described: Described;
  /** Those that the metric can be split by. */
  readonly dimensions: readonly string[];
  readonly onChange: (next: Partial<Choice>) => void;
}

const GROUPS: readonly { readonly title: string; readonly holds: (metric: Metric) => boolean }[] = [
  { title: "People", holds: ({ unit, id }) => unit === "people" || unit === "person_days" || id === "adoption_rate" },
  { title: "Money", holds: ({ hasKinds, unit }) => hasKinds || unit === "usd" },
  {
    title: "Tokens and requests",
    holds: ({ unit, id }) => /tokens|requests/.test(unit) || /^(cache|reads|model_mix)/.test(id),
  },
  { title: "Activity and output", holds: () => true },
];

/** What is measured, what it is split by, and whether over time. */
export function PivotControls({ choice, described, dimensions, onChange }: PivotControlsProps) {
  const titleOf = new Map(described.dimensions.map(({ id, title }) => [id, title]));
  const split = dimensions.map((id) => ({ value: id, label: titleOf.get(id) ?? id }));
  return (
    <div className="pivot-controls" role="group" aria-label="What is shown">
      <Select
        size="xs"
        label="Metric"
        value={choice.metric}
        onChange={(metric) => metric !== null && onChange({ metric })}
        data={grouped(described.metrics)}
        searchable
        allowDeselect={false}
        maxDropdownHeight={360}
        nothingFoundMessage="No metric by that name"
      />
      <Select
        size="xs"
        label="Rows"
        value={choice.rows}
        onChange={(rows) =>
          rows !== null && onChange({ rows, columns: rows === choice.columns ? choice.rows : choice.columns })
        }
        data={split}
        searchable
        allowDeselect={false}
      />
      <Select
        size="xs"
        label="Columns"
        value={choice.columns}
        onChange={(columns) => onChange({ columns })}
        data={split.filter(({ value }) => value !== choice.rows)}
        placeholder="None"
        searchable
        clearable
        clearButtonProps={{ "aria-label": "No columns" }}
      />
      <Switch
        label="Over time"
        checked={choice.overTime}
        onChange={(event) => onChange({ overTime: event.currentTarget.checked })}
      />
    </div>
  );
}

/** Each metric in the first group that it fits. */
function grouped(metrics: readonly Metric[]): { group: string; items: { value: string; label: string }[] }[] {
  const left = new Set(metrics);
  return GROUPS.map(({ title, holds }) => {
    const items = [...left].filter(holds);
    for (const one of items) left.delete(one);
    return { group: title, items: items.map(({ id, title }) => ({ value: id, label: title })) };
  });
}
