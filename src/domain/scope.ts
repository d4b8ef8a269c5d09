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
}

/** How individuals appear. Later modes (pseudonymous, team grain) join this union; `metrics` compiles it. */
export interface Privacy {
  readonly mode: "named";
}

export const DEFAULT_TENANT = "default";

export const NAMED: Privacy = { mode: "named" };
