import type { Unit, Value } from "../../metrics/index.ts";
import { figure, percent } from "./words.ts";

/** As operations tell a change. */
interface Change {
  readonly kind: "amount" | "points";
  readonly absolute: Value;
  readonly relative: number | null;
  readonly direction: "up" | "down" | "same";
  readonly isNew: boolean;
}

/** A change in a sentence; ratios in percentage points. */
export function changeWords(change: Change | null, unit: Unit): string {
  if (change === null) return "";
  const { kind, absolute, relative, direction, isNew } = change;
  if (direction === "same") return "No change.";
  if (kind === "points") return `A change of ${(Number(absolute) * 100).toFixed(2)} percentage points.`;
  if (isNew) return `All of it is new: before there was nothing.`;
  const part = relative === null ? "" : ` (${signed(relative)})`;
  return `A difference of ${figure(absolute, unit)}${part}.`;
}

export function signed(parts: number): string {
  return `${parts > 0 ? "+" : ""}${percent(parts)}`;
}
