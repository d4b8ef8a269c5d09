import { randomBytes } from "node:crypto";
import { OrderedFindings } from "./findings.ts";
import { INDEX, PREV, RECORD_NUMBERS, RECORD_WORDS, STREAM, VER, type ChainRecords } from "./leaf-chain.ts";
import { PARTITIONS, Partitions } from "./partitions.ts";
import type { ScratchFile } from "./scratch-file.ts";

/**
 * Holds each leaf against the last one with its id, once all have been gathered. All leaves of one id are in one
 * partition, so that a table of one partition's ids is all that has to be in memory.
 */
export class ChainChecker {
  readonly #partitions: Partitions;
  readonly #streams: string[] = [];
  readonly #places = new Map<string, number>();
  // Whoever makes an export may choose its ids, and shall not choose where they meet.
  readonly #seed = new Uint32Array(new Uint8Array(randomBytes(16)).buffer);
  #gapAt = Infinity;
  #slots = new Uint32Array();

  constructor(scratch: ScratchFile) {
    this.#partitions = new Partitions(RECORD_WORDS, scratch);
  }

  /** Takes leaves that follow those taken before. The records' streams are counted anew on the way. */
  add({ words, length, streams, gapAt }: ChainRecords): void {
    const places = streams.map((stream) => this.#placeOf(stream));
    const numbers = new Float64Array(words.buffer);
    for (let at = 0; at < length; at += 1) {
      const stream = at * RECORD_NUMBERS + STREAM;
      numbers[stream] = places[numbers[stream]!]!;
      const from = at * RECORD_WORDS;
      this.#partitions.add(this.#mix(words, from) >>> PARTITION_SHIFT, words, from);
    }
    this.#gapAt = Math.min(this.#gapAt, gapAt ?? Infinity);
  }

  /** What is wrong with all that was added, by the index of the leaf it is about. */
  judge(fileOf: (index: number) => string): OrderedFindings {
    const findings = new OrderedFindings();
    for (const words of this.#partitions.each()) this.#judgeSome(words, findings, fileOf);
    return findings;
  }

  #judgeSome(words: Uint32Array<ArrayBuffer>, findings: OrderedFindings, fileOf: (index: number) => string): void {
    const numbers = new Float64Array(words.buffer, 0, words.length / 2);
    const count = words.length / RECORD_WORDS;
    const slots = this.#freeSlots(count);
    for (let at = 0; at < count; at += 1) {
      const record = at * RECORD_NUMBERS;
      const [prev, ver, index] = [numbers[record + PREV]!, numbers[record + VER]!, numbers[record + INDEX]!];
      const slot = this.#slotOf(slots, words, at);
      const found = slots[slot]! - 1;
      const last = found < 0 ? undefined : found * RECORD_NUMBERS;
      const lastIndex = last === undefined ? -1 : numbers[last + INDEX]!;
      const lastVer = last === undefined ? 0 : numbers[last + VER]!;
      slots[slot] = at + 1;
      const blame = (what: string) => findings.add(index, { file: fileOf(index), index, what });
      if (prev >= index) blame(`points forwards, to ${prev}`);
      else if (prev !== lastIndex || ver !== lastVer + 1) {
        // Those after a leaf that could not be read are not blamed for pointing at nothing.
        if (index > this.#gapAt) continue;
        const expected = last === undefined ? "version 1" : `version ${lastVer + 1} after leaf ${lastIndex}`;
        const stated = prev < 0 ? "version 1" : `version ${ver} after leaf ${prev}`;
        blame(`is ${stated} of its thing where ${expected} belongs`);
      } else if (last !== undefined && numbers[last + STREAM] !== numbers[record + STREAM]) {
        const [stream, lastStream] = [record, last].map((one) => this.#streams[numbers[one + STREAM]!]);
        blame(`is of stream ${stream}, its thing of ${lastStream}`);
      }
    }
  }

  /** A table of the last record of each id, counted from 1; 0 is a free slot. At most half of them come into use. */
  #freeSlots(records: number): Uint32Array {
    let length = 16;
    while (length < records * 2) length *= 2;
    if (length > this.#slots.length) this.#slots = new Uint32Array(length);
    return this.#slots.subarray(0, length).fill(0);
  }

  /** Where the last record with the id of this one stands, or the free slot where it would. */
  #slotOf(slots: Uint32Array, words: Uint32Array, at: number): number {
    const from = at * RECORD_WORDS;
    let slot = this.#mix(words, from) & (slots.length - 1);
    for (;;) {
      const found = slots[slot]!;
      if (found === 0 || isSameId(words, from, (found - 1) * RECORD_WORDS)) return slot;
      slot = (slot + 1) & (slots.length - 1);
    }
  }

  #mix(words: Uint32Array, from: number): number {
    const a = words[from]! ^ this.#seed[0]!;
    const b = words[from + 1]! ^ this.#seed[1]!;
    const c = words[from + 2]! ^ this.#seed[2]!;
    const d = words[from + 3]! ^ this.#seed[3]!;
    let hash = Math.imul(a ^ (b >>> 15), 0x85eb_ca6b) ^ Math.imul(b ^ (c >>> 13), 0xc2b2_ae35);
    hash ^= Math.imul(c ^ (d >>> 16), 0x27d4_eb2f) ^ Math.imul(d ^ (a >>> 14), 0x1656_67b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
    return (hash ^ (hash >>> 13)) >>> 0;
  }

  #placeOf(stream: string): number {
    const place = this.#places.get(stream) ?? this.#streams.push(stream) - 1;
    this.#places.set(stream, place);
    return place;
  }
}

function isSameId(words: Uint32Array, a: number, b: number): boolean {
  for (let word = 0; word < ID_WORDS; word += 1) if (words[a + word] !== words[b + word]) return false;
  return true;
}

const ID_WORDS = 4;
const PARTITION_SHIFT = 32 - Math.log2(PARTITIONS);
