import { OrderedFindings, type Findings } from "./findings.ts";
import { PARTITIONS, Partitions } from "./partitions.ts";
import type { ScratchFile } from "./scratch-file.ts";
import { payloadPath, TILE_WIDTH } from "./tile.ts";

/**
 * Holds what is missing against what `erase` leaves name: each erased payload must be named by a later `erase` leaf,
 * and each payload so named must be gone. Of a leaf with a payload missing no more than a bit stays in memory.
 */
export class Erasures {
  readonly #partitions: Partitions;
  // A record before it is put aside: the leaf, which leaf erased it, and as the how-manieth it was named, from 1 on; 0
  // where its payload is missing.
  readonly #record = new Float64Array(RECORD_NUMBERS);
  readonly #words = new Uint32Array(this.#record.buffer);
  readonly #missing = new Map<number, Uint8Array>();
  #missingCount = 0;
  #namedCount = 0;

  constructor(scratch: ScratchFile) {
    this.#partitions = new Partitions(this.#words.length, scratch);
  }

  /** Leaf `index` has no payload; its line says leaf `by` erased it. */
  missing(index: number, by: number): void {
    this.#missingCount += 1;
    const page = Math.floor(index / BITS);
    const bits = this.#missing.get(page) ?? new Uint8Array(BITS / 8);
    this.#missing.set(page, bits);
    bits[(index % BITS) >> 3]! |= 1 << (index % 8);
    this.#add(index, by, 0);
  }

  /** The `erase` leaf `by` names these leaves. */
  named(by: number, leaves: readonly number[]): void {
    for (const index of leaves) this.#add(index, by, ++this.#namedCount);
  }

  /** How many payloads are missing. */
  get count(): number {
    return this.#missingCount;
  }

  isMissing(index: number): boolean {
    const bits = this.#missing.get(Math.floor(index / BITS));
    return bits !== undefined && (bits[(index % BITS) >> 3]! & (1 << (index % 8))) !== 0;
  }

  /** To be called once all leaves have been seen. */
  check(findings: Findings): void {
    const stillThere = new OrderedFindings();
    const unexplained = new OrderedFindings();
    for (const words of this.#partitions.each()) {
      const records = new Float64Array(words.buffer, 0, words.length / 2);
      const missing = new Map<number, number>();
      for (let at = 0; at < records.length; at += RECORD_NUMBERS) {
        if (records[at + 2] === 0) missing.set(records[at]!, records[at + 1]!);
      }
      for (let at = 0; at < records.length; at += RECORD_NUMBERS) {
        const [index, by, named] = [records[at]!, records[at + 1]!, records[at + 2]!];
        if (named === 0) continue;
        if (missing.get(index) === by) missing.delete(index);
        if (this.isMissing(index)) continue;
        const what = `payload is still there, but leaf ${by} says it was erased`;
        stillThere.add(named, { file: fileOf(index), index, what });
      }
      for (const [index, by] of missing) {
        const what = `payload is missing, and leaf ${by} does not erase it`;
        unexplained.add(index, { file: fileOf(index), index, what });
      }
    }
    for (const { kept, count } of [stillThere, unexplained]) findings.take(kept, count);
  }

  #add(index: number, by: number, named: number): void {
    this.#record.set([index, by, named]);
    this.#partitions.add(Math.floor(index / TILE_WIDTH) % PARTITIONS, this.#words, 0);
  }
}

function fileOf(index: number): string {
  return payloadPath(Math.floor(index / TILE_WIDTH));
}

const RECORD_NUMBERS = 3;
/** In one page of the map of what is missing. */
const BITS = 65_536;
