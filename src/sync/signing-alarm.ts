import type { Scope } from "../domain/index.ts";
import { getSetting, logState, setSetting, type Tx, type WriteTx } from "../store/index.ts";

/** A witness holds another history of this log than ours: nothing more is signed until an operator has looked into it. */
export interface SigningAlarm {
  /** The log it is about: a new log begins without it. */
  readonly origin: string;
  readonly witness: string;
  readonly problem: string;
  readonly atMs: number;
}

const NAME = "ledger.alarm";

export async function signingAlarm(tx: Tx, scope: Scope): Promise<SigningAlarm | null> {
  const kept = await getSetting(tx, scope, NAME);
  if (kept === null || kept === "") return null;
  const alarm = JSON.parse(kept) as SigningAlarm;
  return alarm.origin === (await logState(tx, scope))?.origin ? alarm : null;
}

/** The first one stands: what follows from it says no more. */
export async function raiseSigningAlarm(tx: WriteTx, scope: Scope, alarm: SigningAlarm): Promise<void> {
  if ((await signingAlarm(tx, scope)) === null) await setSetting(tx, scope, NAME, JSON.stringify(alarm));
}

export async function clearSigningAlarm(tx: WriteTx, scope: Scope): Promise<void> {
  await setSetting(tx, scope, NAME, "");
}
