import type { Clock } from "../domain/index.ts";
import {
  findAccount,
  findApiToken,
  findSession,
  membershipsOf,
  type AccountRow,
  type TenantRow,
  type Tx,
} from "../store/index.ts";
import { callerOfSession, callerOfToken } from "./caller.ts";
import type { Caller } from "./permission.ts";
import { hashOfOpaque, isSameHash, readApiToken } from "./secrets.ts";
import { isLive } from "./session.ts";

/** Somebody who showed a session, a token or a grant that holds. */
export interface Signed {
  readonly kind: "session" | "token" | "grant";
  /** Null for a token that an operator made. */
  readonly account: AccountRow | null;
  /** Where they may go, the oldest tenant first, and as whom. At least one. */
  readonly tenants: readonly [Entrance, ...Entrance[]];
  /** When the session was seen or the token used last, as far as it was written down. */
  readonly seenMs: number | null;
}

export interface Entrance extends TenantRow {
  readonly caller: Caller;
}

/** Who has this session; null when nobody has, or nobody any more. */
export async function signedBySession(tx: Tx, clock: Pick<Clock, "now">, token: string): Promise<Signed | null> {
  const session = await findSession(tx, hashOfOpaque(token));
  if (session === null || !isLive(session, clock.now())) return null;
  const account = await findAccount(tx, session.accountId);
  if (account === null) return null;
  const [first, ...others] = (await membershipsOf(tx, account.accountId))
    .filter(({ disabled }) => !disabled)
    .map((membership) => ({
      ...membership.tenant,
      caller: callerOfSession(account, membership, session.sessionId),
    }));
  return first === undefined ? null : { kind: "session", account, tenants: [first, ...others], seenMs: session.seenMs };
}

/** Who has this token; null when it is none, has expired, or its account may not enter any more. */
export async function signedByToken(tx: Tx, clock: Pick<Clock, "now">, text: string): Promise<Signed | null> {
  const read = readApiToken(text);
  if (read === null) return null;
  const token = await findApiToken(tx, read.tokenId);
  if (token === null || !isSameHash(token.secretHash, read.secretHash) || clock.now() >= token.expiresMs) return null;
  const { tenant, accountId, usedMs } = token;
  if (accountId === null) {
    return {
      kind: "token",
      account: null,
      tenants: [{ ...tenant, caller: callerOfToken(token, null) }],
      seenMs: usedMs,
    };
  }
  const account = await findAccount(tx, accountId);
  const memberships = await membershipsOf(tx, accountId);
  const owner = memberships.find(({ tenantId, disabled }) => tenantId === tenant.tenantId && !disabled);
  if (account === null || owner === undefined) return null;
  return { kind: "token", account, tenants: [{ ...tenant, caller: callerOfToken(token, owner) }], seenMs: usedMs };
}
