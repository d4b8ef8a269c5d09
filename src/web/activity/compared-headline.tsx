import type { Output } from "../client/index.ts";
import { useFilters } from "../filters/index.ts";
import type { Unit, Value } from "../format/index.ts";
import { Headline, stateOf } from "../ui/index.ts";

type Frame = Pick<Output<"activeUsers">, "coverage" | "provisional">;
type Compared = Output<"activeUsers">["headline"]["mau"];
type Figure = Pick<Compared, "value" | "reason" | "lowSample">;

interface ComparedHeadlineProps {
  readonly label: string;
  readonly note?: string;
  readonly unit: Unit;
  /** The answer that the figure is of; undefined while it loads. */
  readonly frame: Frame | undefined;
  /** With the period before, or alone. */
  readonly figure: Compared | Figure | undefined;
  readonly good?: "more" | "less";
  readonly spark?: readonly Value[] | undefined;
  readonly dimmed?: boolean;
}

/** The headline of a figure as the answers about activity give it. */
export function ComparedHeadline({ label, note, unit, frame, figure, good, spark, dimmed }: ComparedHeadlineProps) {
  const { filters } = useFilters();
  const compared = filters.compare === "previous" && figure !== undefined && "previous" in figure;
  const few = figure?.lowSample === true ? "few cases" : undefined;
  return (
    <Headline
      label={label}
      note={note ?? few}
      unit={unit}
      value={figure?.value}
      reason={figure?.reason}
      previous={compared ? figure.previous.value : undefined}
      spark={spark}
      state={frame === undefined ? undefined : stateOf(frame)}
      {...(good === undefined ? {} : { good })}
      {...(dimmed === undefined ? {} : { dimmed })}
    />
  );
}
