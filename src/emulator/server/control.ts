import type { FaultOrder, Faults } from "../faults/index.ts";
import { FaultError, parseFaultArgument } from "../faults/index.ts";
import type { World } from "../world/types.ts";
import { isRecord } from "./body.ts";
import type { EmulatorClock } from "./clock.ts";
import type { EmulatorKeys } from "./keys.ts";
import type { Reply } from "./reply.ts";
import { jsonReply } from "./reply.ts";
import type { LoggedRequest } from "./request-log.ts";

export const CONTROL_PREFIX = "/_emulator/";

export interface Controlled {
  readonly world: World;
  readonly clock: EmulatorClock;
  readonly keys: EmulatorKeys;
  readonly faults: Faults;
  readonly requests: readonly LoggedRequest[];
}

/**
 * The control endpoint, outside `/v1` and without a key: `GET/POST/DELETE /_emulator/faults`,
 * `GET/POST /_emulator/clock`, `GET /_emulator/requests`, `GET /_emulator/truth`, `GET /_emulator/keys`.
 */
export async function answerControl(
  method: string,
  path: string,
  body: string,
  controlled: Controlled,
): Promise<Reply> {
  const { world, clock, keys, faults, requests } = controlled;
  try {
    switch (`${method} ${path.slice(CONTROL_PREFIX.length)}`) {
      case "GET faults":
        return jsonReply(200, { faults: faultList(faults) });
      case "POST faults":
        await faults.add(readOrder(parse(body)));
        return jsonReply(200, { faults: faultList(faults) });
      case "DELETE faults":
        await faults.clear();
        return jsonReply(200, { faults: [] });
      case "GET clock":
        return jsonReply(200, clockState(clock));
      case "POST clock":
        moveClock(clock, parse(body));
        return jsonReply(200, clockState(clock));
      case "GET requests":
        return jsonReply(200, { requests });
      case "GET truth":
        return jsonReply(200, world.truth());
      case "GET keys":
        return jsonReply(200, keys);
      default:
        return jsonReply(404, { error: "no such control endpoint" });
    }
  } catch (error) {
    if (error instanceof FaultError) return jsonReply(400, { error: error.message });
    throw error;
  }
}

const faultList = (faults: Faults): unknown[] =>
  faults.list().map((fault) => ({
    handle: fault.handle,
    id: fault.id,
    name: fault.name,
    order: fault.order,
    acted: fault.acted(),
    observed: fault.observed(),
  }));

const clockState = (clock: EmulatorClock): unknown => ({ now: clock.now(), iso: new Date(clock.now()).toISOString() });

function parse(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new FaultError("the body should be JSON");
  }
  if (!isRecord(value)) throw new FaultError("the body should be a JSON object");
  return value;
}

/** `{ now }` in milliseconds or as a timestamp, or `{ advanceMs }`. */
function moveClock(clock: EmulatorClock, body: Record<string, unknown>): void {
  const { now, advanceMs } = { now: body["now"], advanceMs: body["advanceMs"] };
  const instant = typeof now === "string" ? Date.parse(now) : now;
  if (typeof instant === "number" && Number.isFinite(instant)) clock.set(instant);
  else if (typeof advanceMs === "number" && Number.isFinite(advanceMs)) clock.advance(advanceMs);
  else throw new FaultError("the body should be {now} or {advanceMs}");
}

/** An order as JSON, or `{ "argument": "F01:times=3" }`. */
function readOrder(body: Record<string, unknown>): FaultOrder {
  const { id, match, times, after, seed, params, argument } = body;
  if (typeof argument === "string") return parseFaultArgument(argument);
  if (typeof id !== "string") throw new FaultError("id should be a fault's id or name");
  if (match !== undefined && typeof match !== "string") throw new FaultError("match should be a string");
  return {
    id,
    ...(match === undefined ? {} : { match }),
    ...count("times", times),
    ...count("after", after),
    ...count("seed", seed),
    ...(isRecord(params)
      ? { params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])) }
      : {}),
  };
}

function count(name: "times" | "after" | "seed", value: unknown): Partial<Record<typeof name, number>> {
  if (value === undefined) return {};
  if (typeof value !== "number") throw new FaultError(`${name} should be a number`);
  return { [name]: value };
}
