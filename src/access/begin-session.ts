import type { Clock, Random } from "../domain/index.ts";
import { insertSession, sweepSessions, updateAccount, type AccountRow, type WriteTx } from "../store/index.ts";
import { newId, newOpaque } from "./secrets.ts";
import { IDLE_SESSION_MS, LONGEST_SESSION_MS } from "./session.ts";

export interface BegunSession {
  /** For the cookie; kept nowhere. */
  readonly token: string;
  readonly sessionId: string;
  readonly accountId: string;
}

/** Signs an account in: always with a new token, so that none that was planted before is of use. */
export async function beginSession(
  tx: WriteTx,
  { clock, random }: { readonly clock: Pick<Clock, "now">; readonly random: Random },
  account: AccountRow,
  { agent, idleMs = IDLE_SESSION_MS }: { readonly agent: string; readonly idleMs?: number },
): Promise<BegunSession> {
  const now = clock.now();
  const { token, hash } = newOpaque(random);
  const { accountId } = account;
  const sessionId = newId(random, "s");
  await sweepSessions(tx, now);
  await updateAccount(tx, { ...account, signedInMs: now });
  await insertSession(tx, hash, {
    sessionId,
    accountId,
    createdMs: now,
    seenMs: now,
    idleMs: Math.min(idleMs, IDLE_SESSION_MS),
    endsMs: now + LONGEST_SESSION_MS,
    agent,
  });
  return { token, sessionId, accountId };
}
