import type { ScratchFile } from "./scratch-file.ts";

/** How many there are: a million records make 8,000 a partition. */
export const PARTITIONS = 128;

/**
 * Records of some 32-bit words, divided so that a part of them fits into memory where all would not: what has filled a
 * block is put aside in a file, or stays in memory where there is none.
 */
export class Partitions {
  readonly #recordWords: number;
  readonly #scratch: ScratchFile;
  readonly #partitions: Partition[] = Array.from({ length: PARTITIONS }, () => ({
    full: [],
    block: new Uint32Array(),
    filled: 0,
  }));

  constructor(recordWords: number, scratch: ScratchFile) {
    this.#recordWords = recordWords;
    this.#scratch = scratch;
  }

  /** Takes the record that stands in `words` from `from` on. */
  add(partition: number, words: Uint32Array, from: number): void {
    const place = this.#partitions[partition]!;
    if (place.filled === place.block.length) this.#makeRoom(place);
    for (let word = 0; word < this.#recordWords; word += 1) place.block[place.filled + word] = words[from + word]!;
    place.filled += this.#recordWords;
  }

  /** The records of each partition in the order they came, joined; valid until the next is asked for. */
  *each(): Generator<Uint32Array<ArrayBuffer>> {
    let joined = new Uint32Array();
    for (const { full, block, filled } of this.#partitions) {
      const length = full.length * this.#blockWords + filled;
      if (length === 0) continue;
      if (length > joined.length) joined = new Uint32Array(Math.ceil(length * 1.5));
      for (const [n, one] of full.entries()) {
        const place = joined.subarray(n * this.#blockWords, (n + 1) * this.#blockWords);
        if (typeof one === "number") this.#scratch.read(one, bytesOf(place));
        else place.set(one);
      }
      joined.set(block.subarray(0, filled), length - filled);
      yield joined.subarray(0, length);
    }
  }

  /** Blocks begin small, since most ledgers are. */
  #makeRoom(place: Partition): void {
    if (place.block.length < this.#blockWords) {
      const larger = new Uint32Array(
        Math.min(this.#blockWords, Math.max(place.block.length * 4, this.#recordWords * 8)),
      );
      larger.set(place.block);
      place.block = larger;
      return;
    }
    const at = this.#scratch.write(bytesOf(place.block));
    place.full.push(at ?? place.block);
    if (at === null) place.block = new Uint32Array(this.#blockWords);
    place.filled = 0;
  }

  get #blockWords(): number {
    return this.#recordWords * RECORDS_A_BLOCK;
  }
}

interface Partition {
  /** Full blocks: where they stand in the file, or they themselves. */
  readonly full: (number | Uint32Array)[];
  block: Uint32Array;
  filled: number;
}

/** About 25 kB of the longest records, 3 MB for all partitions. */
const RECORDS_A_BLOCK = 512;

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
