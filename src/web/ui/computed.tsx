import { ActionIcon, type ActionIconProps, type ElementProps } from "@mantine/core";
import { CircleHelp } from "lucide-react";

import { openedLater, type Closed } from "./deferred.tsx";

/** How a figure is computed, in a sentence and as a formula. */
export interface Formula {
  readonly title: string;
  readonly description: string;
  readonly formula: string;
}

export interface ComputedProps {
  readonly metrics: readonly string[];
  /** Of figures that are no metric of their own. */
  readonly formulas?: readonly Formula[];
  readonly source?: readonly string[];
}

/** "How is this computed": what a metric means, its formula and where it was read. */
export const Computed = openedLater<ComputedProps>(
  ({ onOpen, onNear }: Closed) => (
    <ComputedButton
      aria-haspopup="dialog"
      aria-expanded={false}
      onClick={onOpen}
      onPointerEnter={onNear}
      onFocus={onNear}
    />
  ),
  async () => (await import("./computed-popover.tsx")).ComputedPopover,
);

export function ComputedButton(props: ActionIconProps & ElementProps<"button", keyof ActionIconProps>) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="sm"
      aria-label="How is this computed"
      title="How is this computed"
      {...props}
    >
      <CircleHelp size={15} aria-hidden />
    </ActionIcon>
  );
}
