import type { IncomingMessage, ServerResponse } from "node:http";
import type { EmulatorClock } from "../server/clock.ts";
import type { PagingStyle } from "../server/endpoint.ts";
import type { Call, Reply } from "../server/reply.ts";
import type { World } from "../world/types.ts";

export type FaultParams = Readonly<Record<string, string>>;

/** What to break, and when. */
export interface FaultOrder {
  /** `F01` or the fault's name. */
  readonly id: string;
  /** An endpoint's name (`cost_report`) or a regular expression over path and decoded query. Absent: every request. */
  readonly match?: string;
  /** How often it acts. Absent: the fault's own default, which is without end for lasting faults. */
  readonly times?: number;
  /** How many matching requests pass unharmed first. */
  readonly after?: number;
  readonly seed?: number;
  readonly params?: Readonly<Record<string, string | number | boolean>>;
}

/** One request that a fault meets. */
export interface Occasion {
  readonly call: Call;
  readonly endpoint: string | undefined;
  readonly paging: PagingStyle | undefined;
  readonly now: number;
  /** How often the fault has acted before. */
  readonly nth: number;
  readonly seed: number;
  readonly params: FaultParams;
  /** Kept for as long as the fault is armed. */
  readonly memory: Map<string, unknown>;
  /** Asks the API itself, without faults and limits, with another query. */
  serve(query: URLSearchParams): Reply;
}

/** The connection, for faults that write to it themselves. */
export interface Wire {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What a fault may do to the emulator as a whole when it is armed. */
export interface FaultHost {
  readonly world: World;
  readonly clock: EmulatorClock;
  readonly url: string;
  stopListening(): Promise<void>;
  listenAgain(): Promise<void>;
}

export interface Armed {
  readonly memory?: ReadonlyMap<string, unknown>;
  /** What the fault has seen, for assertions. */
  observed?(): Record<string, unknown>;
  disarm(): void | Promise<void>;
}

/** One kind of trouble. A kind uses as few of the hooks as it needs; one without hooks is made on the client's side. */
export interface FaultKind {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly side: "upstream" | "client";
  /** Parameter name to its meaning. */
  readonly params?: Readonly<Record<string, string>>;
  /** Default of `times`; absent means without end. */
  readonly times?: number;
  /** Requests it leaves alone do not count. Default: every request. */
  applies?(occasion: Occasion): boolean;
  /** A request that continues what an earlier one began acts without counting. */
  continues?(occasion: Occasion): boolean;
  /** Instead of the API's answer. */
  answer?(occasion: Occasion): Reply;
  /** Another query than the one that was asked. */
  ask?(query: URLSearchParams, occasion: Occasion): URLSearchParams;
  /** Alters the answer. */
  change?(reply: Reply, occasion: Occasion): Reply;
  /** Writes the answer to the connection its own way. */
  send?(wire: Wire, reply: Reply, occasion: Occasion): void;
  arm?(host: FaultHost, params: FaultParams): Armed | Promise<Armed>;
}

/** A number among the parameters. */
export function numberParam(params: FaultParams, name: string, otherwise: number): number {
  const text = params[name];
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text === "" || !Number.isFinite(value))
    throw new FaultError(`parameter ${name} should be a number, not "${text}"`);
  return value;
}

/** A mistake in an order for a fault. */
export class FaultError extends Error {
  override readonly name = "FaultError";
}
