import { ActionIcon, Button, SegmentedControl } from "@mantine/core";
import { X } from "lucide-react";
import { useState } from "react";

import { formatDay } from "../format/index.ts";
import { deferred } from "../ui/deferred.tsx";
import { AddFilter } from "./add-filter.tsx";
import { NARROWINGS, type Narrowing } from "./filters.ts";
import { RangePicker } from "./range-picker.tsx";
import { useFilters } from "./use-filters.ts";
import { KINDS, POPULATIONS } from "./words.ts";

const NarrowingChip = deferred(
  async () => (await import("./narrowing-chip.tsx")).NarrowingChip,
  <span className="filter-chip" />,
);

export interface FilterBarProps {
  /** Which narrowings change the figures of this page. */
  readonly narrowings: readonly Narrowing[];
  /** Whether the page shows money, of which there are four kinds. */
  readonly kind?: boolean;
  /** Whether the page draws something over time. */
  readonly grain?: boolean;
  /** `false` where figures are as of now, whatever the range. */
  readonly range?: boolean;
  /** `false` where it is settled who is counted. */
  readonly population?: boolean;
  /** `false` where the record cannot be read as it stood on an earlier day. */
  readonly asOf?: boolean;
}

/** Range, comparison and whatever else narrows the page. All of it stands in the address. */
export function FilterBar(props: FilterBarProps) {
  const { narrowings, kind = false, grain = false, range = true, population = true, asOf = true } = props;
  const { filters, days, grain: usedGrain, change, narrowTo, reset } = useFilters();
  const [editing, setEditing] = useState<Narrowing | null>(null);
  const set = NARROWINGS.filter(({ name }) => filters.narrowed[name] !== undefined || editing === name);
  const isSet = set.length > 0 || filters.population !== null || filters.kind !== null || filters.asOf !== null;

  return (
    <div className="filter-bar" role="group" aria-label="Filters">
      {range && <RangePicker filters={filters} days={days} onChange={change} />}
      {grain && (
        <SegmentedControl
          size="xs"
          aria-label="Drawn by"
          value={usedGrain}
          onChange={(value) => change({ grain: value })}
          data={[
            { value: "day", label: "Day" },
            { value: "week", label: "Week" },
            { value: "month", label: "Month" },
          ]}
        />
      )}
      {set.map(({ name, label }) => (
        <NarrowingChip
          key={name}
          name={name}
          label={label}
          applies={narrowings.includes(name)}
          values={filters.narrowed[name] ?? []}
          opened={editing === name}
          onOpen={(open) => setEditing(open ? name : null)}
          onChange={(values) => narrowTo(name, values)}
        />
      ))}
      {filters.kind !== null && (
        <Chip label="Money" value={KINDS[filters.kind]} applies={kind} onRemove={() => change({ kind: null })} />
      )}
      {filters.population !== null && (
        <Chip
          label="Population"
          value={POPULATIONS[filters.population]}
          applies={population}
          onRemove={() => change({ population: null })}
        />
      )}
      {filters.asOf !== null && (
        <Chip label="As of" value={formatDay(filters.asOf)} applies={asOf} onRemove={() => change({ asOf: null })} />
      )}
      {(narrowings.some((name) => filters.narrowed[name] === undefined) || kind || population || asOf) && (
        <AddFilter
          narrowings={narrowings.filter((name) => filters.narrowed[name] === undefined)}
          kind={kind}
          population={population}
          asOf={asOf}
          onNarrow={setEditing}
          onChange={change}
        />
      )}
      {isSet && (
        <Button variant="subtle" color="gray" size="xs" onClick={reset}>
          Reset
        </Button>
      )}
    </div>
  );
}

function Chip({
  label,
  value,
  applies = true,
  onRemove,
}: {
  label: string;
  value: string;
  applies?: boolean;
  onRemove: () => void;
}) {
  return (
    <span className="filter-chip" data-idle={!applies || undefined}>
      <span>
        <span className="quiet">{label}</span> {value}
      </span>
      <ActionIcon
        variant="transparent"
        color="gray"
        size="xs"
        aria-label={`Remove the filter ${label}`}
        onClick={onRemove}
      >
        <X size={13} aria-hidden />
      </ActionIcon>
    </span>
  );
}
