import { Failure, type Scope } from "../domain/index.ts";
import { insertLogKey } from "../store/index.ts";
import { signingKeys } from "./log-keys.ts";
import { signingAlarm } from "./signing-alarm.ts";
import { appendOwn, ensureLog, publishCheckpoint } from "./tenant-log.ts";
import type { SyncEffects } from "./types.ts";

export interface KeyChange {
  readonly vkey: string;
  /** The key that signs no more, and is destroyed. */
  readonly before: string;
  /** Leaves of the checkpoint that both have signed. */
  readonly size: number;
  /** An earlier change had begun and not ended: it was brought to its end, and no other one begun. */
  readonly resumed: boolean;
}

/**
 * Gives the log a new signing key: a `key` leaf names it, one checkpoint is signed by the old key and the new one, and
 * from then on the new one signs alone.
 *
 * Whatever ends it in between, the next checkpoint, or the same call again, brings it to its end.
 *
 * @throws Failure `vault.locked`, `ledger.key_lost`, `ledger.forked`, `ledger.rolled_back` and its like
 */
export async function rotateLogKey(
  effects: Pick<SyncEffects, "store" | "clock" | "random" | "signer">,
  scope: Scope,
  reason: string,
): Promise<KeyChange> {
  const { store, signer } = effects;
  await ensureLog(effects, scope);
  const begun = await store.write(async (tx) => {
    const { keys, isHandover } = await signingKeys(tx, scope);
    await signer.checkKeys(tx, keys);
    // While a witness objects nothing is signed, so that no handover could be.
    const alarm = await signingAlarm(tx, scope);
    if (alarm !== null) throw new Failure("ledger.forked", { witness: alarm.witness, problem: alarm.problem });
    const [older, newer] = keys;
    if (isHandover) return { before: older!.vkey, vkey: newer!.vkey, resumed: true };
    const keyNo = older!.keyNo + 1;
    const { vkey } = await signer.addKey(tx, keyNo);
    const leafIndex = await appendOwn(tx, effects, scope, { t: "key", payload: { vkeys: [vkey], reason } });
    await insertLogKey(tx, scope, { keyNo, vkey, leafIndex, handoverSize: null });
    return { before: older!.vkey, vkey, resumed: false };
  });
  return { ...begun, size: await publishCheckpoint(effects, scope) };
}
