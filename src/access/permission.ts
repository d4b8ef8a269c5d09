/**
 * What a caller may be allowed to do. Each operation names one; a role grants a set of them.
 *
 * - `read`: figures of the whole organization, of teams, models, workspaces and keys
 * - `export`: the same in bulk
 * - `people`: seeing individuals by name. Of no role: granted to an account by itself
 * - `audit`: the ledger, proofs, and our own audit trail
 * - `sync`: ordering a sync or a back-fill
 * - `roster`: people, teams, owners of keys
 * - `credentials`: connections and their keys
 * - `settings`, `accounts`: how Bursar is set up, and who may sign in
 * - `manage`: changing members, invites, workspaces and keys at Anthropic; nothing is changed where writing is off
 * - `own`: what concerns the caller alone: their usage, sessions, tokens, saved views
 * - `operate`: what is the machine's operator's alone: tenants, rebuilding
 */
export type Permission =
  | "read"
  | "export"
  | "people"
  | "audit"
  | "sync"
  | "roster"
  | "credentials"
  | "settings"
  | "accounts"
  | "manage"
  | "own"
  | "operate";

export type Role = "viewer" | "analyst" | "admin" | "auditor";

/** What each role may. The auditor is independent of the admin: reads and proves everything, changes nothing. */
export const ROLE_PERMISSIONS = {
  viewer: ["read", "own"],
  analyst: ["read", "export", "own"],
  admin: ["read", "export", "audit", "sync", "roster", "credentials", "settings", "accounts", "manage", "own"],
  auditor: ["read", "export", "audit", "own"],
} as const satisfies Record<Role, readonly Permission[]>;

export const PERMISSIONS: readonly Permission[] = [
  "read",
  "export",
  "people",
  "audit",
  "sync",
  "roster",
  "credentials",
  "settings",
  "accounts",
  "manage",
  "own",
  "operate",
];

/** Who asks, and what they may. */
export interface Caller {
  /** `operator`: whoever may run the program on the data folder. `grant`: an assistant that an account allowed in. */
  readonly kind: "operator" | "account" | "token" | "grant";
  /** Account, token or grant id; for an operator the name of the program: `cli`, `daemon`. */
  readonly id: string;
  readonly name: string;
  readonly role: Role | null;
  readonly permissions: ReadonlySet<Permission>;
  /** The person of the roster that the caller is; for their own page. */
  readonly personId: string | null;
  /** The account behind an `account`, a `token` or a `grant`; an operator has none, nor has a token that an operator made. */
  readonly accountId?: string | null;
  /** Of an `account`: the session it is signed in with. */
  readonly sessionId?: string;
}

/** Whoever can run the program can read the database: nothing is kept from them. */
export function operatorCaller(program: string): Caller {
  return {
    kind: "operator",
    id: program,
    name: program,
    role: null,
    permissions: new Set(PERMISSIONS),
    personId: null,
  };
}
