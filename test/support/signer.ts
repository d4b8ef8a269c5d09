import { Failure } from "../../src/domain/index.ts";
import { signCheckpoint, signingKey } from "../../src/ledger/index.ts";
import type { CheckpointSigner } from "../../src/sync/index.ts";

/** A throw-away log key; the kept checkpoints stay in memory, newest last. */
export function testSigner(
  origin = "ledger.example/test",
): CheckpointSigner & { readonly origin: string; readonly vkeys: readonly string[]; readonly kept: string[] } {
  const keyOf = (keyNo: number) => signingKey(origin, "ed25519", Buffer.alloc(32, 6 + keyNo));
  const kept: string[] = [];
  return {
    origin,
    vkeys: [keyOf(1).vkey],
    kept,
    begin: async () => ({ origin, vkeys: [keyOf(1).vkey] }),
    addKey: async (_, keyNo) => ({ vkey: keyOf(keyNo).vkey }),
    retireKey: async () => {},
    sign: async (_, checkpoint, keys) => {
      const signing = keys.map(({ keyNo }) => keyOf(keyNo));
      if (signing.some(({ vkey }, at) => vkey !== keys[at]?.vkey)) throw new Failure("ledger.key_lost", { what: "" });
      return signCheckpoint(checkpoint, signing);
    },
    checkKeys: async () => {},
    keep: async (note) => {
      kept.push(note);
    },
    lastKept: async () => kept.at(-1) ?? null,
  };
}
