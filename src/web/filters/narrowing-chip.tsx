import { ActionIcon, Popover } from "@mantine/core";
import { X } from "lucide-react";

import { deferred } from "../ui/deferred.tsx";
import { useNames } from "./choices.ts";
import { NARROWINGS, type Narrowing } from "./filters.ts";

const FilterValues = deferred(
  async () => (await import("./filter-values.tsx")).FilterValues,
  <div className="filter-values-place" />,
);

/** What the page is narrowed by: its values are chosen below it. */
export function NarrowingChip({
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
