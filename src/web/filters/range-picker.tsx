import { Button, type ButtonProps, type ElementProps } from "@mantine/core";
import { CalendarDays } from "lucide-react";

import { formatRange } from "../format/index.ts";
import { openedLater } from "../ui/deferred.tsx";
import { PRESETS, type Filters } from "./filters.ts";

export interface RangePickerProps {
  readonly filters: Filters;
  readonly days: { readonly from: string; readonly to: string };
  readonly onChange: (next: Partial<Filters>) => void;
}

/** The days that the page is about. */
export const RangePicker = openedLater<RangePickerProps>(
  ({ filters, days, onOpen, onNear }) => (
    <RangeButton
      filters={filters}
      days={days}
      aria-haspopup="dialog"
      aria-expanded={false}
      onClick={onOpen}
      onPointerEnter={onNear}
      onFocus={onNear}
    />
  ),
  async () => (await import("./range-picker-opened.tsx")).RangePickerOpened,
);

export function RangeButton({
  filters,
  days,
  ...rest
}: Pick<RangePickerProps, "filters" | "days"> & ButtonProps & ElementProps<"button", keyof ButtonProps>) {
  const preset = typeof filters.range === "string" ? PRESETS[filters.range] : null;
  return (
    <Button
      {...rest}
      className="filter-range"
      variant="default"
      size="xs"
      leftSection={<CalendarDays size={14} aria-hidden />}
    >
      <span className="visually-hidden">Range: </span>
      {preset !== null && <span className="filter-preset">{preset}</span>}
      <span className={preset === null ? undefined : "filter-days"}>{formatRange(days.from, days.to)}</span>
    </Button>
  );
}
