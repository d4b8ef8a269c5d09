import { ActionIcon, Button, Menu, Popover, SegmentedControl } from "@mantine/core";
import { CalendarDays, ListFilterPlus, X } from "lucide-react";
import { useState } from "react";

import { formatDay, formatRange } from "../format/index.ts";
import { deferred } from "../ui/deferred.tsx";
import { useNames } from "./choices.ts";
import {
  NARROWINGS,
  PRESETS,
  type Filters,
  type Kind,
  type Narrowing,
  type Population,
  type Preset,
} from "./filters.ts";
import { useFilters } from "./use-filters.ts";

const calendarPlace = <div className="range-calendar-place" />;
const CustomRange = deferred(async () => (await import("./custom-range.tsx")).CustomRange, calendarPlace);
const AsOfDay = deferred(async () => (await import("./custom-range.tsx")).AsOfDay, calendarPlace);
const FilterValues = deferred(
  async () => (await import("./filter-values.tsx")).FilterValues,
  <div className="filter-values-place" />,
);

const KINDS: Readonly<Record<Kind, string>> = {
  estimated: "Estimated",
  list: "List price",
  net: "Net",
  notional: "Notional",
};
const POPULATIONS: Readonly<Record<Population, string>> = {
  humans: "People",
  service: "Services",
  unmapped: "Unmapped",
  all: "All",
};

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

function RangePicker({
  filters,
  days,
  onChange,
}: {
  filters: Filters;
  days: { from: string; to: string };
  onChange: (next: Partial<Filters>) => void;
}) {
  const [opened, setOpened] = useState(false);
  const preset = typeof filters.range === "string" ? PRESETS[filters.range] : null;
  const text = formatRange(days.from, days.to);
  const choose = (range: Filters["range"]) => {
    onChange({ range });
    setOpened(false);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus>
      <Popover.Target>
        <Button
          className="filter-range"
          variant="default"
          size="xs"
          leftSection={<CalendarDays size={14} aria-hidden />}
          onClick={() => setOpened((was) => !was)}
        >
          <span className="visually-hidden">Range: </span>
          {preset !== null && <span className="filter-preset">{preset}</span>}
          <span className={preset === null ? undefined : "filter-days"}>{text}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="range-picker">
        <div className="range-presets">
          {(Object.keys(PRESETS) as Preset[]).map((name) => (
            <Button
              key={name}
              size="xs"
              variant={filters.range === name ? "light" : "subtle"}
              color={filters.range === name ? "blue" : "gray"}
              justify="flex-start"
              aria-pressed={filters.range === name}
              onClick={() => choose(name)}
            >
              {PRESETS[name]}
            </Button>
          ))}
          <SegmentedControl
            size="xs"
            aria-label="Compare with"
            value={filters.compare}
            onChange={(compare) => onChange({ compare })}
            data={[
              { value: "previous", label: "Compare" },
              { value: "none", label: "Alone" },
            ]}
          />
          <p className="small quiet">Days are UTC and whole. Compare: with the period of the same length before.</p>
        </div>
        {opened && <CustomRange from={days.from} to={days.to} onChange={choose} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function NarrowingChip({
  name,
  label,
  applies,
  values,
  opened,
  onOpen,
  onChange,
}: {
  name: Narrowing;
  label: string;
  applies: boolean;
  values: readonly string[];
  opened: boolean;
  onOpen: (open: boolean) => void;
  onChange: (values: readonly string[]) => void;
}) {
  const nameOf = useNames(NARROWINGS.find((one) => one.name === name)?.dimension ?? null);
  const [first] = values;
  const text =
    first === undefined
      ? "choose"
      : values.length === 1
        ? nameOf(first)
        : `${nameOf(first)} and ${values.length - 1} more`;
  return (
    <Popover opened={opened} onChange={onOpen} position="bottom-start" width={280} trapFocus withRoles={false}>
      <Popover.Target>
        <span
          className="filter-chip"
          data-idle={!applies || undefined}
          title={applies ? undefined : `This page cannot be narrowed by ${label.toLowerCase()}.`}
        >
          <button type="button" aria-expanded={opened} aria-haspopup="dialog" onClick={() => onOpen(!opened)}>
            <span className="quiet">{label}</span> <bdi>{text}</bdi>
          </button>
          <ActionIcon
            variant="transparent"
            color="gray"
            size="xs"
            aria-label={`Remove the filter ${label}`}
            onClick={() => {
              onOpen(false);
              onChange([]);
            }}
          >
            <X size={13} aria-hidden />
          </ActionIcon>
        </span>
      </Popover.Target>
      <Popover.Dropdown>
        {opened && <FilterValues name={name} label={label} values={values} onChange={onChange} />}
      </Popover.Dropdown>
    </Popover>
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

function AddFilter({
  narrowings,
  kind,
  population,
  asOf,
  onNarrow,
  onChange,
}: {
  narrowings: readonly Narrowing[];
  kind: boolean;
  population: boolean;
  asOf: boolean;
  onNarrow: (name: Narrowing) => void;
  onChange: (next: Partial<Filters>) => void;
}) {
  const [choosingDay, setChoosingDay] = useState(false);
  return (
    <Menu position="bottom-start" width={220} closeOnItemClick={false} onClose={() => setChoosingDay(false)}>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="xs" leftSection={<ListFilterPlus size={14} aria-hidden />}>
          Filter
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {choosingDay ? (
          <AsOfDay onChange={(asOf) => onChange({ asOf })} />
        ) : (
          <>
            {NARROWINGS.filter(({ name }) => narrowings.includes(name)).map(({ name, label }) => (
              <Menu.Item key={name} closeMenuOnClick onClick={() => setTimeout(() => onNarrow(name), 0)}>
                {label}
              </Menu.Item>
            ))}
            {kind && (
              <>
                <Menu.Label>Kind of money</Menu.Label>
                {(Object.keys(KINDS) as Kind[]).map((one) => (
                  <Menu.Item key={one} closeMenuOnClick onClick={() => onChange({ kind: one })}>
                    {KINDS[one]}
                  </Menu.Item>
                ))}
              </>
            )}
            {population && (
              <>
                <Menu.Label>Population</Menu.Label>
                {(Object.keys(POPULATIONS) as Population[]).map((one) => (
                  <Menu.Item key={one} closeMenuOnClick onClick={() => onChange({ population: one })}>
                    {POPULATIONS[one]}
                  </Menu.Item>
                ))}
              </>
            )}
            {asOf && (
              <>
                <Menu.Divider />
                <Menu.Item onClick={() => setChoosingDay(true)}>As the record stood on…</Menu.Item>
              </>
            )}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
