import type { ReadableWorld } from "./other-organization.ts";
import type { Body } from "./body.ts";
import type { KeyKind } from "./keys.ts";
import type { LimitName } from "./limiter.ts";
import type { Query } from "./query.ts";
import type { Snapshots } from "./snapshots.ts";

export type ApiVersion = "2023-06-01" | "2026-10-21";
export type Method = "GET" | "POST" | "DELETE";

/** What an endpoint may use to answer. */
export interface Context {
  readonly path: string;
  /** The placeholders of the endpoint's path. */
  readonly at: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly version: ApiVersion;
  readonly now: number;
  readonly world: ReadableWorld;
  readonly snapshots: Snapshots;
  /** Invents the id of a new object. */
  readonly newId: (prefix: string) => string;
}

export type PagingStyle = "id" | "cursor" | "report";

export interface Endpoint {
  /** What faults and the log call it. */
  readonly name: string;
  readonly method: Method;
  /** With `{placeholders}`. */
  readonly path: string;
  /** Which keys reach it; the others get 403. */
  readonly keys: readonly KeyKind[];
  readonly limit: LimitName;
  readonly paging?: PagingStyle;
  /** The `anthropic-beta` value without which the endpoint does not exist. */
  readonly beta?: string;
  /** Some servers tolerate a missing `anthropic-version`. */
  readonly versionOptional?: boolean;
  /** Query parameters the endpoint has. */
  readonly query?: readonly string[];
  answer(context: Context): unknown;
}

/** An endpoint of the Admin API with its usual rules: Admin keys, the common limit. */
export function defineEndpoint(
  endpoint: Omit<Endpoint, "keys" | "limit"> & Partial<Pick<Endpoint, "keys" | "limit">>,
): Endpoint {
  return { keys: ["admin"], limit: "admin", ...endpoint };
}
