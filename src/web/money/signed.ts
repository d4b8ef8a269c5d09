import { compact, type Unit, type Value } from "../format/index.ts";

/** A difference with its sign: `+$1.2 k`, `−$300`. */
export function signed(value: Value, unit: Unit = "usd"): string {
  const text = compact(value, unit);
  return value === null || Number(value) <= 0 ? text : `+${text}`;
}
