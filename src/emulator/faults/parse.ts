import { findFault } from "./catalog.ts";
import type { FaultOrder } from "./fault.ts";
import { FaultError } from "./fault.ts";

/**
 * Reads a fault as written on a command line: `F01`, `overloaded:times=3`, `F11:match=cost_report,after=2`. Whatever is
 * not `match`, `times`, `after` or `seed` is a parameter of the fault.
 *
 * @throws FaultError
 */
export function parseFaultArgument(text: string): FaultOrder {
  const colon = text.indexOf(":");
  const id = colon < 0 ? text : text.slice(0, colon);
  const kind = findFault(id);
  const order: { -readonly [Name in keyof FaultOrder]: FaultOrder[Name] } = { id: kind.id };
  const params: Record<string, string> = {};
  const pairs = colon < 0 ? [] : text.slice(colon + 1).split(",");
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, equals).trim();
    const value = pair.slice(equals + 1);
    if (equals < 1) throw new FaultError(`in "${text}": expected name=value, not "${pair}"`);
    if (name === "match") order.match = value;
    else if (name === "times" || name === "after" || name === "seed") order[name] = whole(name, value);
    else if (Object.hasOwn(kind.params ?? {}, name)) params[name] = value;
    else {
      const known = ["match", "times", "after", "seed", ...Object.keys(kind.params ?? {})];
      throw new FaultError(`fault ${kind.id} has no setting "${name}": it has ${known.join(", ")}`);
    }
  }
  return Object.keys(params).length === 0 ? order : { ...order, params };
}

function whole(name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new FaultError(`${name} should be a whole number, not "${value}"`);
  return Number(value);
}
