import { hash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  canonicalJson,
  Edge,
  exportLedger,
  inclusionProof,
  leafBytes,
  leafHash,
  sealPayloads,
  signCheckpoint,
  signingKey,
  TileBuilder,
  tileReader,
  verifyExport,
  type LedgerSource,
  type SourceLeaf,
} from "../src/ledger/index.ts";
import type { Bench, Measurement } from "./types.ts";

const LEAVES = 100_000;
const ORIGIN = "ledger.example/bench";
const key = signingKey(ORIGIN, "ed25519", Buffer.alloc(32, 1));

export const benches: readonly Bench[] = [
  {
    name: "ledger-canonical-json",
    unit: "MB/s",
    higherIsBetter: true,
    async run() {
      const records = Array.from({ length: 20_000 }, (_, at) => recordOf(at));
      let bytes = 0;
      for (const record of records) bytes += canonicalJson(record).length;
      const figure = bytes / 1e6 / seconds(() => records.forEach((record) => canonicalJson(record)));
      const floor = bytes / 1e6 / seconds(() => records.forEach((record) => JSON.stringify(record)));
      return { figure, floor, note: "floor: JSON.stringify, which does not sort or check" };
    },
  },
  {
    name: "ledger-append",
    unit: "leaves/s",
    higherIsBetter: true,
    async run() {
      const payloads = Array.from({ length: LEAVES }, (_, at) => canonicalJson(recordOf(at)));
      const figure = LEAVES / seconds(() => append(payloads));
      return {
        figure,
        floor: LEAVES / threeHashes(),
        note: "commitment, leaf and hashes; floor: three bare SHA-256 a leaf",
      };
    },
  },
  {
    name: "ledger-inclusion-proof",
    unit: "proofs/s",
    higherIsBetter: true,
    async run() {
      const tiles = new Map<string, Buffer>();
      const builder = new TileBuilder();
      for (let at = 0; at < LEAVES; at++) {
        for (const tile of builder.add(leafHash(Buffer.from(String(at))))) {
          tiles.set(`${tile.level}/${tile.n}`, Buffer.from(tile.hashes));
        }
      }
      for (const tile of builder.partial()) tiles.set(`${tile.level}/${tile.n}`, Buffer.from(tile.hashes));
      const started = performance.now();
      for (let at = 0; at < 500; at++) {
        const reader = tileReader((level, n) => tiles.get(`${level}/${n}`) ?? Buffer.alloc(0));
        await inclusionProof((at * 7919) % LEAVES, LEAVES, reader);
      }
      const figure = 500 / ((performance.now() - started) / 1000);
      // Beside its way a proof needs every other hash of one tile a level: about 255 × 3 node hashes.
      return {
        figure,
        floor: 1 / ((threeHashes() / LEAVES / 3) * 765),
        note: "100,000 leaves, from tiles; floor: 765 bare SHA-256",
      };
    },
  },
  { name: "ledger-verify-export", unit: "leaves/s", higherIsBetter: true, run: () => verifyBench(true) },
  { name: "ledger-verify-tree", unit: "leaves/s", higherIsBetter: true, run: () => verifyBench(false) },
];

async function verifyBench(payloads: boolean): Promise<Measurement> {
  const scratch = await mkdtemp(join(tmpdir(), "bursar-bench-"));
  try {
    const dir = join(scratch, "export");
    await exportLedger(sourceOf(LEAVES), dir, { payloads });
    const started = performance.now();
    const report = await verifyExport(dir, { vkey: key.vkey });
    const figure = LEAVES / ((performance.now() - started) / 1000);
    if (!report.ok) throw new Error(`the export does not verify: ${report.failures[0]?.what}`);
    const note = `${LEAVES} leaves; floor: three bare SHA-256 a leaf`;
    return { figure, floor: LEAVES / threeHashes(), note };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function append(payloads: readonly string[]): SourceLeaf[] {
  const edge = new Edge();
  const ids = randomBytes(payloads.length * 16);
  return sealPayloads(payloads, randomBytes).map(({ salt, commitment }, index) => {
    const leaf = leafBytes({
      at: "2026-01-02T03:04:05.000Z",
      c: commitment,
      id: ids.toString("hex", index * 16, index * 16 + 16),
      prev: null,
      s: "usage_total",
      t: index === 0 ? "genesis" : "rec",
      v: 1,
      ver: 1,
    });
    edge.append(leafHash(leaf));
    return { index, leaf, salt, payload: payloads[index] ?? "", erasedBy: null };
  });
}

function sourceOf(size: number): LedgerSource {
  const genesis = { created_at: "2026-01-02T00:00:00.000Z", format: "ledger/1", origin: ORIGIN, vkeys: [key.vkey] };
  const payloads = Array.from({ length: size }, (_, at) => canonicalJson(at === 0 ? genesis : recordOf(at)));
  const leaves = append(payloads);
  const edge = new Edge();
  for (const { leaf } of leaves) edge.append(leafHash(leaf));
  return {
    checkpoint: signCheckpoint({ origin: ORIGIN, size, root: edge.root() }, [key]),
    vkeys: [key.vkey],
    async *leaves(from, to) {
      for (let at = from; at < to; at++) {
        const leaf = leaves[at];
        if (leaf !== undefined) yield leaf;
      }
    },
  };
}

function recordOf(at: number): object {
  return {
    key: ["org_1234", "2025-08-01T00:00:00Z", `apikey_${at}`, "claude-x", null],
    data: { uncached_input_tokens: 1200 + at, output_tokens: at * 7, model: "claude-x", service_tier: "standard" },
    obs: at,
  };
}

/** Seconds that three hashes for each leaf take and nothing else: what no append or check can beat. */
function threeHashes(): number {
  const block = Buffer.alloc(200, 1);
  return seconds(() => {
    for (let at = 0; at < LEAVES * 3; at++) hash("sha256", block, "hex");
  });
}

function seconds(work: () => unknown): number {
  work();
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}
