import type { z } from "zod";

import type { Unit, Value } from "../../metrics/index.ts";
import type { change } from "../figures.ts";
import { amountOf, ratio, shownAmount } from "./amount.ts";

export type Change = z.output<typeof change>;

/**
 * What changed from one value to the next. Ratios are subtracted (percentage points), amounts compared with the size
 * of the earlier one; from nothing to something is new, from nothing to nothing no change.
 */
export function changeOf(current: Value, previous: Value, unit: Unit): Change | null {
  if (current === null || previous === null) return null;
  if (unit === "ratio") return points(Number(current), Number(previous));
  const now = amountOf(current, unit);
  const before = amountOf(previous, unit);
  // A mean of people is no whole number.
  if (now === null || before === null) return inexact(Number(current), Number(previous));
  const difference = now - before;
  const size = before < 0n ? -before : before;
  return {
    kind: "amount",
    absolute: shownAmount(difference, unit),
    relative: before === 0n ? (now === 0n ? 0 : null) : ratio(difference, size),
    direction: directionOf(difference),
    isNew: before === 0n && now !== 0n,
  };
}

function points(current: number, previous: number): Change {
  const absolute = current - previous;
  return { kind: "points", absolute, relative: null, direction: directionOf(absolute), isNew: false };
}

function inexact(current: number, previous: number): Change {
  const absolute = current - previous;
  const relative = previous === 0 ? (current === 0 ? 0 : null) : absolute / Math.abs(previous);
  return {
    kind: "amount",
    absolute,
    relative,
    direction: directionOf(absolute),
    isNew: previous === 0 && current !== 0,
  };
}

function directionOf(difference: bigint | number): Change["direction"] {
  return difference > 0 ? "up" : difference < 0 ? "down" : "same";
}
