import { agentOf, beginSession, hashOfOpaque, type BegunSession } from "../../access/index.ts";
import { readSettings } from "../../operations/index.ts";
import {
  deleteSession,
  findSession,
  membershipsOf,
  type AccountRow,
  type TenantRow,
  type WriteTx,
} from "../../store/index.ts";
import type { ApiContext } from "../env.ts";
import { cookieFor, readCookie, setCookie } from "./cookie.ts";
import type { AuthParts } from "./create-auth.ts";

const HOUR_MS = 3_600_000;
const WEEK_SECONDS = 7 * 24 * 3_600;

/**
 * Signs an account in, in the caller's transaction. The session that the browser had before ends.
 *
 * @returns null when no tenant lets the account in.
 */
export async function enterBrowser(
  tx: WriteTx,
  parts: AuthParts,
  c: ApiContext,
  account: AccountRow,
): Promise<(BegunSession & { readonly tenants: readonly TenantRow[] }) | null> {
  const memberships = (await membershipsOf(tx, account.accountId)).filter(({ disabled }) => !disabled);
  if (memberships.length === 0) return null;
  let idleMs = Infinity;
  for (const membership of memberships) {
    idleMs = Math.min(idleMs, (await readSettings(tx, membership)).sessionIdleHours * HOUR_MS);
  }
  await endBrowser(tx, parts, c);
  const agent = agentOf(c.req.header("user-agent"));
  const begun = await beginSession(tx, parts, account, { agent, idleMs });
  return { ...begun, tenants: memberships.map(({ tenant }) => tenant) };
}

/** Ends the session that this browser has. @returns it, or null when there was none. */
export async function endBrowser(
  tx: WriteTx,
  { origin }: AuthParts,
  c: ApiContext,
): Promise<{ readonly accountId: string; readonly sessionId: string } | null> {
  const token = readCookie(c.req.header("cookie"), cookieFor(origin()).name);
  const session = token === null ? null : await findSession(tx, hashOfOpaque(token));
  if (session === null) return null;
  await deleteSession(tx, session.accountId, session.sessionId);
  return session;
}

/** Gives the browser its session, or takes it away. */
export function giveCookie({ origin }: AuthParts, c: ApiContext, token: string | null): void {
  const cookie = cookieFor(origin());
  c.header("set-cookie", setCookie(cookie, token ?? "", token === null ? 0 : WEEK_SECONDS), { append: true });
  c.header("cache-control", "no-store");
}
