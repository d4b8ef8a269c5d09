import { findDimension } from "../dimensions.ts";
import { hiddenGroups } from "../hidden-groups.ts";
import { hiddenSizes, isSmall } from "../small-groups.ts";
import type { Activity } from "./frame.ts";

/** Which values of a dimension are hidden from who asks, since too few people stand behind them. */
export async function hiddenIn(activity: Activity, dimension: string): Promise<(value: string | null) => boolean> {
  const { asking, hiding, choices, span } = activity;
  if (hiding === null) return () => false;
  const resolved = { ...asking.resolved, by: [findDimension(dimension)] };
  const groups = await hiddenGroups({ ...asking, resolved }, hiding, choices, span);
  return (value) => groups.everything || groups.isHidden([value]);
}

/** The teams of which not even how many people they have is told to who asks. */
export async function hiddenTeams(
  activity: Activity,
  people: ReadonlyMap<string | null, ReadonlySet<string>>,
): Promise<ReadonlySet<string | null>> {
  const { hiding } = activity;
  if (hiding === null) return new Set();
  return hiddenSizes(people, hiding.minimumGroup, await hiddenIn(activity, "team"));
}

/** Whether so few people, and not nobody, are hidden from who asks. */
export function isTooSmall({ hiding }: Activity, people: number): boolean {
  return hiding !== null && isSmall(people, hiding.minimumGroup);
}

/** Lists of which every answer has the same members; of the others the members tell something themselves. */
const FIXED: ReadonlySet<string> = new Set([
  "warnings",
  "where",
  "source",
  "provisional",
  "missing",
  "measures",
  "series",
  "calendar",
  "bands",
  "states",
  "steps",
  "weeks",
  "populations",
]);

/** What an answer says of its range and of itself, and the numbers that are of its form. */
const KEPT: ReadonlySet<string> = new Set(
  "range previousRange where coverage provisional warnings windows least most days graceDays idleDays k".split(" "),
);

/** Warnings that tell nothing of what was selected. */
const TOLD: ReadonlySet<string> = new Set([
  "organization_pending",
  "directory_is_todays",
  "range_cut",
  "incomplete",
  "window_not_covered",
  "lines_undercounted",
  "made_by_the_tool",
  "edit_decisions",
  "denominator_backfilled",
]);

const REASON = "suppressed_for_privacy";

/** The answer in its own shape without any figure: all of it is about too few people. */
export function withoutFigures<T extends object>(answer: T): T {
  // The shape is kept member by member, which no type can say.
  const blank = blanked(answer) as T & { warnings?: readonly { readonly code: string }[] };
  return { ...blank, warnings: (blank.warnings ?? []).filter(({ code }) => TOLD.has(code)) };
}

function blanked(value: unknown, name = ""): unknown {
  if (KEPT.has(name)) return value;
  if (typeof value === "number") return null;
  if (Array.isArray(value)) return FIXED.has(name) ? value.map((item) => blanked(item)) : [];
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, blanked(member, key)] as const);
  const blank = Object.fromEntries(members.filter(([key]) => key !== "lowSample"));
  const hadNumber = Object.entries(value).some(([key, member]) => typeof member === "number" && !KEPT.has(key));
  return hadNumber ? { ...blank, reason: REASON } : blank;
}
