import type { Identity } from "../domain/index.ts";
import { addedUp } from "./evaluate.ts";
import { added } from "./tally.ts";
import type { Quantity } from "./facts.ts";
import type { UsageGroups } from "./usage.ts";
import { ratioOf } from "./values.ts";

/** How much of an amount belongs to somebody: to a person or a service. */
export interface Shares {
  readonly total: bigint | null;
  readonly mapped: bigint | null;
  readonly unmapped: bigint | null;
  /** Of no actor at all: in none of the others. */
  readonly nameless: bigint | null;
  /** Mapped over total, or null when there is nothing to share. */
  readonly share: number | null;
}

/** Adds up a split by actor or key, by who stands behind each. */
export function sharesOf(
  { groups, absent }: UsageGroups,
  quantities: readonly Quantity[],
  identityOf: (label: string) => Identity,
): Shares {
  if (quantities.some((quantity) => absent.has(quantity)) || groups.some((group) => group.mixed)) {
    return { total: null, mapped: null, unmapped: null, nameless: null, share: null };
  }
  let [mapped, unmapped, nameless]: (bigint | null)[] = [0n, 0n, 0n];
  for (const group of groups) {
    const [label = null] = group.dims;
    const amount = addedUp(group, quantities);
    if (label === null) nameless = added(nameless, amount);
    else if (identityOf(label).population === "unmapped") unmapped = added(unmapped, amount);
    else mapped = added(mapped, amount);
  }
  const total = added(mapped, unmapped!);
  return {
    total: total!,
    mapped: mapped!,
    unmapped: unmapped!,
    nameless: nameless!,
    share: total === 0n ? null : ratioOf(mapped!, total!),
  };
}
