/**
 * The grain from which every report is derived: what one actor sent to one model in one way, finished in one minute.
 */
export interface Cell {
  readonly dims: Dims;
  /** Minute of the UTC day. */
  readonly minute: number;
  readonly uncachedInput: number;
  readonly write5m: number;
  readonly write1h: number;
  readonly cacheRead: number;
  readonly output: number;
  readonly searches: number;
  readonly requests: number;
  /** What Claude Code did in that minute; null for other traffic and for the second model of a session. */
  readonly work: Work | null;
  /** Extra delays in ms, beyond the usual lag: of the legacy reports, and of the analytics reports. */
  readonly lateBy: number;
  readonly revisedAfter: number;
}

/** One combination of everything a report can group by. Equal combinations are one object, so `index` identifies it. */
export interface Dims {
  readonly index: number;
  readonly workspaceId: string;
  readonly apiKeyId: string | null;
  /** OAuth traffic only. */
  readonly accountId: string | null;
  readonly serviceAccountId: string | null;
  readonly model: string;
  readonly tier: "standard" | "batch" | "priority";
  readonly contextWindow: "0-200k" | "200k-1M";
  readonly geo: "global" | "us" | "not_available";
  readonly speed: "standard" | "fast";
  readonly product: string;
  readonly actor: Actor;
  readonly agentId: string | null;
  readonly environmentId: string | null;
  readonly code: CodeDims | null;
}

export type Actor =
  | { type: "user_actor"; user_id: string; email_address: string | null; name: string; deleted: boolean }
  | { type: "service_account_actor"; service_account_id: string }
  | { type: "api_actor"; api_key_id: string };

/** The natural key of a Claude Code record, without the day. */
export interface CodeDims {
  readonly actorKind: "user_actor" | "api_actor";
  /** E-mail address or key name. */
  readonly actorName: string;
  /** Subscription use is in the Claude Code report alone: nobody is billed for it by the token. */
  readonly customerType: "api" | "subscription";
  readonly subscriptionType: "enterprise" | "team" | null;
  readonly terminal: string;
  readonly isRemote: boolean;
}

export interface Work {
  readonly sessions: number;
  readonly added: number;
  readonly removed: number;
  readonly commits: number;
  readonly pullRequests: number;
  /** Accepted and rejected, in the order of `TOOLS`. */
  readonly tools: readonly number[];
}

export const TOOLS = ["edit_tool", "multi_edit_tool", "write_tool", "notebook_edit_tool"] as const;

/** A cost without tokens. Quantities are hundredths of an hour. */
export interface Charge {
  readonly kind: "code_execution" | "session_usage";
  readonly minute: number;
  readonly hundredths: number;
  readonly spans: number;
  readonly dims: Dims;
  readonly lateBy: number;
  readonly revisedAfter: number;
}

export interface DayOfCells {
  readonly day: number;
  readonly cells: readonly Cell[];
  readonly charges: readonly Charge[];
}

/** Interns combinations: `naming` must name everything that `dims` holds. */
export class DimsTable {
  readonly #known = new Map<string, Dims>();

  intern(naming: string, dims: () => Omit<Dims, "index">): Dims {
    const known = this.#known.get(naming);
    if (known !== undefined) return known;
    const fresh = { index: this.#known.size, ...dims() };
    this.#known.set(naming, fresh);
    return fresh;
  }
}
