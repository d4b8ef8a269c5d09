import type { DataState } from "./state-of.ts";

const SAYS = {
  complete: "Every day of the range is complete.",
  provisional: "Finished days that the source may still restate.",
  partial: "Some days were read only in part.",
  missing: "Some days have not been read. They are left out, not counted as zero.",
} as const satisfies Record<DataState["kind"], string>;

/** How complete a figure is: shape, colour and words. */
export function StateDot({ state }: { state: DataState }) {
  return (
    <span className="state" data-kind={state.kind} title={SAYS[state.kind]}>
      <span className="state-dot" aria-hidden />
      {state.text}
    </span>
  );
}
