import type { DayNumber } from "./time.ts";

/**
 * Who asks, about which tenant, and how people may appear in the answer.
 *
 * Every read of the store takes a Scope first: there is no asking without a tenant.
 */
export interface Scope {
  readonly tenantId: number;
  /** The tenant's name as an operator typed it. */
  readonly tenant: string;
  /** Who leaves the trace in our own audit log: `cli`, `daemon`, later a signed-in person or a token. */
  readonly principal: string;
  readonly privacy: Privacy;
  /** The person of the roster who asks: about themselves alone they see everything, whatever the mode. */
  readonly self?: string | null;
  /** Where the rows are those of the end of this day: `withPast` of the metrics makes such a Scope, with its store. */
  readonly pastDay?: DayNumber;
}

/**
 * How individuals appear. `metrics` compiles it; ledger, proof, export and member operations obey the same.
 *
 * - `named`: as they are.
 * - `pseudonymous`: under a keyed hash that stays the same in this installation. Groups under the minimum are hidden.
 * - `teams`: not at all. Groups under the minimum are hidden.
 */
export type Privacy =
  | { readonly mode: "named" }
  | {
      readonly mode: "pseudonymous";
      /** 32 bytes, one key a tenant. Whoever has it and the names can tell who is who. */
      readonly key: Buffer;
      readonly minimumGroup: number;
    }
  | { readonly mode: "teams"; readonly minimumGroup: number };

/** A mode in which somebody is hidden. */
export type Hiding = Exclude<Privacy, { readonly mode: "named" }>;

export const DEFAULT_TENANT = "default";

export const NAMED: Privacy = { mode: "named" };

/** Fewer people than this are no group, unless the tenant says otherwise. */
export const MINIMUM_GROUP = 5;
