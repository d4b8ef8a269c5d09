import { execFile } from "node:child_process";
import { rename } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { join } from "node:path";

import { secondsAHash } from "./support/bare-hashes.ts";
import { key, longExport } from "./support/long-ledger.ts";
import type { Verified } from "./support/verify-process.ts";
import type { Bench, Measurement } from "./types.ts";

const LEAVES = 300_000;
const MANY = 1_000_000;
const FEW = 100_000;
const THREADS = availableParallelism();

export const benches: readonly Bench[] = [
  {
    name: "ledger-verify-export",
    unit: "leaves/s",
    higherIsBetter: true,
    runs: 3,
    run: async () => speedOf(await verified(await longExport(LEAVES)), 3),
  },
  {
    name: "ledger-verify-tree",
    unit: "leaves/s",
    higherIsBetter: true,
    runs: 3,
    async run() {
      const dir = await longExport(LEAVES);
      const [payloads, aside] = [join(dir, "payload"), `${dir}-payload`];
      await rename(payloads, aside);
      try {
        // A leaf's hash, and a node above it.
        return speedOf(await verified(dir), 2);
      } finally {
        await rename(aside, payloads);
      }
    },
  },
  {
    name: "ledger-verify-memory-million-leaves",
    unit: "MB",
    higherIsBetter: false,
    runs: 1,
    async run() {
      const { peakMb: figure } = await verified(await longExport(MANY));
      const { peakMb: floor } = await verified(await longExport(FEW));
      return { figure, floor, note: `with payloads, ${THREADS} threads; floor: a tenth of the leaves, the same way` };
    },
  },
];

async function verified(dir: string): Promise<Verified> {
  const program = fileURLToPath(new URL("./support/verify-process.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, dir, key.vkey, String(THREADS)]);
  return JSON.parse(stdout) as Verified;
}

function speedOf({ seconds }: Verified, hashesALeaf: number): Measurement {
  return {
    figure: LEAVES / seconds,
    floor: THREADS / (hashesALeaf * secondsAHash()),
    note: `${LEAVES} leaves, ${THREADS} threads; floor: ${hashesALeaf} bare SHA-256 a leaf in each`,
  };
}
