import { Button, Popover, SegmentedControl } from "@mantine/core";

import { deferred, type OpensItself } from "../ui/deferred.tsx";
import { useOpened } from "../ui/use-opened.ts";
import { isOddWeeks, PRESETS, type Filters, type Preset } from "./filters.ts";
import { RangeButton, type RangePickerProps } from "./range-picker.tsx";

const CustomRange = deferred(
  async () => (await import("./custom-range.tsx")).CustomRange,
  <div className="range-calendar-place" />,
);

export function RangePickerOpened({ filters, days, onChange, opensItself }: RangePickerProps & OpensItself) {
  const { button, opened, setOpened } = useOpened<HTMLButtonElement>(opensItself);
  const choose = (range: Filters["range"]) => {
    onChange({ range });
    setOpened(false);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus>
      <Popover.Target>
        <RangeButton filters={filters} days={days} ref={button} onClick={() => setOpened(!opened)} />
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
              { value: "previous", label: "Before" },
              ...(isOddWeeks(days) || filters.compare === "weekdays"
                ? [{ value: "weekdays" as const, label: "Same weekdays" }]
                : []),
              { value: "none", label: "Alone" },
            ]}
          />
          <p className="small quiet">
            Days are UTC and whole. Compared with the period of the same length before
            {isOddWeeks(days) ? ", or with the same weekdays of the whole weeks before." : "."}
          </p>
        </div>
        {opened && <CustomRange from={days.from} to={days.to} onChange={choose} />}
      </Popover.Dropdown>
    </Popover>
  );
}
