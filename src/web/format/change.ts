import { compact, exact, type Unit, type Value } from "./value.ts";
import { roundDecimal } from "./decimal.ts";

/** How a figure stands against the one before. */
export interface Change {
  readonly direction: "up" | "down" | "same" | "new" | "unknown";
  /** Value and per cent: `+$1.2 k (+11.3%)`; percentage points for ratios: `+2.1 points`. */
  readonly text: string;
  readonly exact: string;
}

/** Per cent of nothing is not a number: from zero to something is "new", and an unknown side gives "unknown". */
export function changeOf(current: Value, previous: Value, unit: Unit): Change {
  if (current === null || previous === null) {
    return { direction: "unknown", text: "no comparison", exact: "One of the two periods has no figure." };
  }
  const difference = Number(current) - Number(previous);
  const before = `Before: ${exact(previous, unit)}`;
  if (unit === "ratio") {
    const points = roundDecimal(String(difference * 100), 1);
    const direction = Number(points) === 0 ? "same" : difference > 0 ? "up" : "down";
    return { direction, text: direction === "same" ? "no change" : `${signed(points)} points`, exact: before };
  }
  if (difference === 0) return { direction: "same", text: "no change", exact: before };
  if (Number(previous) === 0) return { direction: "new", text: "new", exact: before };
  const share = roundDecimal(String((difference / Math.abs(Number(previous))) * 100), 1);
  const amount = compact(String(Math.abs(difference)), unit);
  const sign = difference > 0 ? "+" : "\u2212";
  return {
    direction: difference > 0 ? "up" : "down",
    text: `${sign}${amount} (${signed(share)}%)`,
    exact: before,
  };
}

function signed(digits: string): string {
  return digits.startsWith("-") ? `\u2212${digits.slice(1)}` : `+${digits}`;
}
