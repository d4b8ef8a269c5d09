import { Button, type ButtonProps, type ElementProps } from "@mantine/core";
import { ListFilterPlus } from "lucide-react";

import { openedLater } from "../ui/deferred.tsx";
import type { Filters, Narrowing } from "./filters.ts";

export interface AddFilterProps {
  readonly narrowings: readonly Narrowing[];
  readonly kind: boolean;
  readonly population: boolean;
  readonly asOf: boolean;
  readonly onNarrow: (name: Narrowing) => void;
  readonly onChange: (next: Partial<Filters>) => void;
}

/** What else the page could be narrowed by. */
export const AddFilter = openedLater<AddFilterProps>(
  ({ onOpen, onNear }) => (
    <AddFilterButton
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={onOpen}
      onPointerEnter={onNear}
      onFocus={onNear}
    />
  ),
  async () => (await import("./add-filter-opened.tsx")).AddFilterOpened,
);

export function AddFilterButton(props: ButtonProps & ElementProps<"button", keyof ButtonProps>) {
  return (
    <Button {...props} variant="subtle" color="gray" size="xs" leftSection={<ListFilterPlus size={14} aria-hidden />}>
      Filter
    </Button>
  );
}
