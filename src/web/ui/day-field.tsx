import { DateInput } from "@mantine/dates";
import "@mantine/dates/styles.layer.css";
import "../filters/custom-range.css";

import { CALENDAR_LABELS } from "../filters/calendar-labels.ts";
import type { Day } from "../format/index.ts";

interface DayFieldProps {
  readonly label: string;
  readonly description: string;
  /** Null when no day is chosen. */
  readonly day: Day | null;
  readonly onChange: (day: Day | null) => void;
  /** Whether there may be none. */
  readonly clearable?: boolean;
}

/** One day, typed or chosen on a calendar, written as on every page. Import it where it is loaded late: it is large. */
export function DayField({ label, description, day, onChange, clearable = false }: DayFieldProps) {
  return (
    <DateInput
      label={label}
      description={description}
      value={day}
      onChange={(next) => onChange(next === null ? null : next.slice(0, 10))}
      valueFormat="D MMM YYYY"
      placeholder="21 Nov 2026"
      firstDayOfWeek={1}
      clearable={clearable}
      clearButtonProps={{ "aria-label": "Take the day away" }}
      ariaLabels={CALENDAR_LABELS}
      hideOutsideDates
      popoverProps={{ withinPortal: true }}
      maw={260}
    />
  );
}
