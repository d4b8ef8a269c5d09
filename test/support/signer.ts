import { signCheckpoint, signingKey } from "../../src/ledger/index.ts";
import type { CheckpointSigner } from "../../src/sync/index.ts";

/** A throw-away log key; the kept checkpoints stay in memory, newest last. */
export function testSigner(origin = "ledger.example/test"): CheckpointSigner & { readonly kept: string[] } {
  const key = signingKey(origin, "ed25519", Buffer.alloc(32, 7));
  const kept: string[] = [];
  return {
    origin,
    vkeys: [key.vkey],
    kept,
    sign: (size, root) => signCheckpoint({ origin, size, root }, [key]),
    keep: async (note) => {
      kept.push(note);
    },
  };
}
