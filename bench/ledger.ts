import { randomBytes } from "node:crypto";

import {
  canonicalJson,
  Edge,
  inclusionProof,
  leafBytes,
  leafHash,
  sealPayloads,
  TileBuilder,
  tileReader,
} from "../src/ledger/index.ts";
import { secondsAHash } from "./support/bare-hashes.ts";
import { recordOf } from "./support/long-ledger.ts";
import type { Bench } from "./types.ts";

const LEAVES = 100_000;

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
        floor: 1 / (3 * secondsAHash()),
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
        floor: 1 / (765 * secondsAHash()),
        note: "100,000 leaves, from tiles; floor: 765 bare SHA-256",
      };
    },
  },
];

function append(payloads: readonly string[]): void {
  const edge = new Edge();
  const ids = randomBytes(payloads.length * 16);
  sealPayloads(payloads, randomBytes).forEach(({ commitment }, index) => {
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
  });
}

function seconds(work: () => unknown): number {
  work();
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}
