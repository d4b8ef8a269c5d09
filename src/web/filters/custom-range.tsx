import { DatePicker } from "@mantine/dates";
import "@mantine/dates/styles.layer.css";
import "./custom-range.css";
import { useState } from "react";

import { yesterday } from "../client/index.ts";
import { CALENDAR_LABELS } from "./calendar-labels.ts";
import type { Day } from "../format/index.ts";

/** Two days on a calendar. Days after yesterday are not over. */
export function CustomRange({
  from,
  to,
  onChange,
}: {
  from: Day;
  to: Day;
  onChange: (range: { from: Day; to: Day }) => void;
}) {
  const [value, setValue] = useState<[string | null, string | null]>([from, to]);
  return (
    <DatePicker
      type="range"
      size="xs"
      ariaLabels={CALENDAR_LABELS}
      allowSingleDateInRange
      firstDayOfWeek={1}
      defaultDate={from}
      maxDate={yesterday()}
      value={value}
      onChange={(next) => {
        setValue(next);
        const [first, last] = next;
        if (first !== null && last !== null) onChange({ from: first.slice(0, 10), to: last.slice(0, 10) });
      }}
    />
  );
}

/** The day as of whose end the record shall answer. */
export function AsOfDay({ onChange }: { onChange: (day: Day) => void }) {
  return (
    <DatePicker
      size="xs"
      ariaLabels={CALENDAR_LABELS}
      firstDayOfWeek={1}
      maxDate={yesterday()}
      onChange={(day) => {
        if (day !== null) onChange(day.slice(0, 10));
      }}
    />
  );
}
