import type { Json, Scope } from "../domain/index.ts";
import type { WriteTx } from "../store/index.ts";
import { appendOwn, ensureLog } from "./tenant-log.ts";
import type { SyncEffects } from "./types.ts";

export type AuditFact = { readonly event: string } & Readonly<Record<string, Json>>;

/** Writes something and the trace that it leaves, in one transaction: neither is ever there without the other. */
export async function writeAudited<T>(
  effects: Pick<SyncEffects, "store" | "clock" | "random" | "signer">,
  scope: Scope,
  work: (tx: WriteTx, leave: (fact: AuditFact) => Promise<void>) => Promise<T>,
): Promise<T> {
  await ensureLog(effects, scope);
  return effects.store.write((tx) =>
    work(tx, async (fact) => {
      await appendOwn(tx, effects, scope, { t: "audit", payload: { ...fact, by: scope.principal } });
    }),
  );
}
