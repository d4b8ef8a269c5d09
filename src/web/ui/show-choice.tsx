import { SegmentedControl } from "@mantine/core";
import { useSearchParams } from "wouter";

import { exact } from "../format/index.ts";

/** What is shown while the address names no part. */
const ALL = "all";

interface Part {
  readonly name: string;
  readonly title: string;
  readonly count: number;
}

/** The part of a list that is shown, by the address: `all` or one that is among the names, if these are told. */
export function useShown<Name extends string = string>(names?: readonly Name[]): Name | "all" {
  const [params] = useSearchParams();
  const asked = params.get("show") ?? ALL;
  return names === undefined || (names as readonly string[]).includes(asked) ? (asked as Name) : ALL;
}

/** Chooses one part of a list, or all of it, with how many are in each. */
export function ShowChoice({
  label,
  shown,
  all,
  parts,
}: {
  label: string;
  shown: string;
  all: number;
  parts: readonly Part[];
}) {
  const [, setParams] = useSearchParams();
  const show = (next: string) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (next === ALL) after.delete("show");
      else after.set("show", next);
      return after;
    });
  return (
    <div className="table-choice no-print">
      <SegmentedControl
        size="xs"
        aria-label={label}
        value={shown}
        onChange={show}
        data={[{ name: ALL, title: "All", count: all }, ...parts].map(({ name, title, count }) => ({
          value: name,
          label: `${title} ${exact(count, "count")}`,
        }))}
      />
    </div>
  );
}
