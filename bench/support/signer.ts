import { signCheckpoint, signingKey } from "../../src/ledger/index.ts";
import type { CheckpointSigner } from "../../src/sync/index.ts";

/** A log key that needs no vault; the last checkpoint is kept in memory. */
export function benchSigner(origin: string): CheckpointSigner {
  const key = signingKey(origin, "ed25519", Buffer.alloc(32, 7));
  const refuse = () => Promise.reject(new Error("keys do not change in a bench"));
  let last: string | null = null;
  return {
    begin: async () => ({ origin, vkeys: [key.vkey] }),
    sign: async (_, checkpoint) => signCheckpoint(checkpoint, [key]),
    checkKeys: async () => {},
    keep: async (note) => {
      last = note;
    },
    lastKept: async () => last,
    addKey: refuse,
    retireKey: refuse,
  };
}
