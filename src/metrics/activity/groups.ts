import type { Activity } from "./frame.ts";

/** Whether so few people, and not nobody, are hidden from who asks. */
export function isTooSmall({ asking }: Activity, people: number): boolean {
  const { privacy } = asking.scope;
  return privacy.mode !== "named" && people > 0 && people < privacy.minimumGroup;
}

/**
 * The groups that have to be hidden: those that are too small, and one more where a single one could be had by taking
 * the others from the total.
 */
export function hiddenGroups<G>(
  activity: Activity,
  groups: readonly G[],
  sizeOf: (group: G) => number,
): ReadonlySet<G> {
  const hidden = new Set(groups.filter((group) => isTooSmall(activity, sizeOf(group))));
  const { privacy } = activity.asking.scope;
  if (hidden.size === 0 || privacy.mode === "named") return hidden;
  const together = [...hidden].reduce((sum, group) => sum + sizeOf(group), 0);
  if (hidden.size > 1 && together >= privacy.minimumGroup) return hidden;
  const others = groups.filter((group) => !hidden.has(group) && sizeOf(group) > 0);
  const smallest = others.toSorted((a, b) => sizeOf(a) - sizeOf(b))[0];
  return smallest === undefined ? hidden : hidden.add(smallest);
}
