import type { Endpoint } from "../server/endpoint.ts";
import type { Call, Reply } from "../server/reply.ts";
import { findFault } from "./catalog.ts";
import type { Armed, FaultHost, FaultKind, FaultOrder, FaultParams, Occasion } from "./fault.ts";
import { FaultError } from "./fault.ts";

/** An armed fault as its owner sees it. */
export interface ArmedFault {
  readonly handle: number;
  readonly id: string;
  readonly name: string;
  readonly order: FaultOrder;
  /** How often it has acted. */
  acted(): number;
  /** What it has seen, where it watches something: connections, redirected requests, bytes. */
  observed(): Record<string, unknown>;
  remove(): Promise<void>;
}

/** The faults of one emulator. */
export interface Faults {
  add(order: FaultOrder): Promise<ArmedFault>;
  clear(): Promise<void>;
  list(): ArmedFault[];
}

export interface Meeting {
  readonly kind: FaultKind;
  readonly occasion: Occasion;
}

interface Entry {
  readonly kind: FaultKind;
  readonly matches: (call: Call, endpoint: Endpoint | undefined) => boolean;
  readonly times: number;
  readonly after: number;
  readonly params: FaultParams;
  readonly memory: Map<string, unknown>;
  readonly armed: Armed | undefined;
  readonly face: ArmedFault;
  seen: number;
  acted: number;
}

export class FaultBox implements Faults {
  readonly #host: FaultHost;
  #entries: Entry[] = [];
  #handles = 0;

  constructor(host: FaultHost) {
    this.#host = host;
  }

  async add(order: FaultOrder): Promise<ArmedFault> {
    const kind = findFault(order.id);
    const params = readParams(kind, order.params ?? {});
    const matches = matcher(order.match);
    const times = readCount("times", order.times) ?? kind.times ?? Number.POSITIVE_INFINITY;
    const after = readCount("after", order.after) ?? 0;
    const armed = await kind.arm?.(this.#host, params);
    const handle = (this.#handles += 1);
    const face: ArmedFault = {
      handle,
      id: kind.id,
      name: kind.name,
      order,
      acted: () => entry.acted,
      observed: () => armed?.observed?.() ?? {},
      remove: async () => {
        if (!this.#entries.includes(entry)) return;
        this.#entries = this.#entries.filter((other) => other !== entry);
        await armed?.disarm();
      },
    };
    const memory = new Map(armed?.memory ?? []);
    const entry: Entry = { kind, matches, times, after, params, memory, armed, face, seen: 0, acted: 0 };
    this.#entries.push(entry);
    return face;
  }

  async clear(): Promise<void> {
    for (const entry of this.#entries) await entry.face.remove();
  }

  list(): ArmedFault[] {
    return this.#entries.map((entry) => entry.face);
  }

  /** The faults that act on this request. */
  meet(call: Call, endpoint: Endpoint | undefined, serve: (query: URLSearchParams) => Reply): Meeting[] {
    const met: Meeting[] = [];
    for (const entry of this.#entries) {
      const { kind } = entry;
      if (!actsOnRequests(kind) || !entry.matches(call, endpoint)) continue;
      const occasion: Occasion = {
        call,
        endpoint: endpoint?.name,
        paging: endpoint?.paging,
        now: this.#host.clock.now(),
        nth: entry.acted,
        seed: entry.face.order.seed ?? 1,
        params: entry.params,
        memory: entry.memory,
        serve,
      };
      if (kind.continues?.(occasion) === true) {
        met.push({ kind, occasion });
        continue;
      }
      if (kind.applies?.(occasion) === false) continue;
      entry.seen += 1;
      if (entry.seen <= entry.after || entry.acted >= entry.times) continue;
      entry.acted += 1;
      met.push({ kind, occasion });
    }
    return met;
  }
}

const actsOnRequests = (kind: FaultKind): boolean =>
  kind.answer !== undefined || kind.ask !== undefined || kind.change !== undefined || kind.send !== undefined;

function readParams(kind: FaultKind, given: NonNullable<FaultOrder["params"]>): FaultParams {
  const known = Object.keys(kind.params ?? {});
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) {
      const list = known.length === 0 ? "it has none" : `it has ${known.join(", ")}`;
      throw new FaultError(`fault ${kind.id} has no parameter "${name}": ${list}`);
    }
  }
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
}

function readCount(name: string, value: number | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!Number.isSafeInteger(value) || value < 0) throw new FaultError(`${name} should be a whole number, 0 or more`);
  return value;
}

function matcher(match: string | undefined): Entry["matches"] {
  if (match === undefined) return () => true;
  let pattern: RegExp;
  try {
    pattern = new RegExp(match);
  } catch {
    throw new FaultError(`match is not a regular expression: ${match}`);
  }
  return (call, endpoint) => {
    if (endpoint?.name === match) return true;
    const query = [...call.query].map(([name, value]) => `${name}=${value}`).join("&");
    return pattern.test(query === "" ? call.path : `${call.path}?${query}`);
  };
}
