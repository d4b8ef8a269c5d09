import { LedgerError } from "./error.ts";

/** The last leaf seen with an id. */
export interface LastLeaf {
  readonly index: number;
  readonly ver: number;
  readonly stream: string;
}

/**
 * Remembers the last leaf of every id, exactly and in little memory: 28 bytes a slot, at most three quarters of the
 * slots in use, so 37 to 75 bytes an id (a million ids: 59 MB). A Map with text keys takes about four times that.
 */
export class IdTable {
  // Slots of seven numbers: the id's four words, index + 1 (0: a free slot), version, stream number.
  #slots = new Uint32Array(FIRST_SLOTS * STRIDE);
  #used = 0;
  readonly #streams: string[] = [];
  readonly #streamNumbers = new Map<string, number>();
  readonly #id = new Uint32Array(4);

  /** By the four words of an id that stand from `place` on. */
  getAt(ids: Uint32Array, place: number): LastLeaf | undefined {
    this.#readId(ids, place);
    const at = this.#find(this.#slots);
    const index = this.#slots[at + INDEX]!;
    if (index === 0) return undefined;
    const stream = this.#streams[this.#slots[at + STREAM]!]!;
    return { index: index - 1, ver: this.#slots[at + VERSION]!, stream };
  }

  /** @throws LedgerError beyond 2^32-2 leaves. */
  setAt(ids: Uint32Array, place: number, { index, ver, stream }: LastLeaf): void {
    if (index >= 0xffff_fffe || ver > 0xffff_ffff) throw new LedgerError("more leaves than can be checked");
    if ((this.#used + 1) * 4 > (this.#slots.length / STRIDE) * 3) this.#grow();
    this.#readId(ids, place);
    const at = this.#find(this.#slots);
    if (this.#slots[at + INDEX] === 0) this.#used += 1;
    this.#slots.set(this.#id, at);
    this.#slots[at + INDEX] = index + 1;
    this.#slots[at + VERSION] = ver;
    this.#slots[at + STREAM] = this.#streamNumber(stream);
  }

  #readId(ids: Uint32Array, place: number): void {
    for (let word = 0; word < 4; word++) this.#id[word] = ids[place + word]!;
  }

  /** Where the id stands, or the free slot where it would. */
  #find(slots: Uint32Array): number {
    const count = slots.length / STRIDE;
    const [a = 0, b = 0, c = 0, d = 0] = this.#id;
    let slot = mix(a, b, c, d) & (count - 1);
    for (;;) {
      const at = slot * STRIDE;
      if (slots[at + INDEX] === 0) return at;
      if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === c && slots[at + 3] === d) return at;
      slot = (slot + 1) & (count - 1);
    }
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += STRIDE) {
      if (old[at + INDEX] === 0) continue;
      this.#id.set(old.subarray(at, at + 4));
      slots.set(old.subarray(at, at + STRIDE), this.#find(slots));
    }
    this.#slots = slots;
  }

  #streamNumber(stream: string): number {
    let number = this.#streamNumbers.get(stream);
    if (number === undefined) {
      number = this.#streams.push(stream) - 1;
      this.#streamNumbers.set(stream, number);
    }
    return number;
  }
}

const STRIDE = 7;
const INDEX = 4;
const VERSION = 5;
const STREAM = 6;
const FIRST_SLOTS = 1024;

/** Ids should be random; whoever makes an export may choose them, so all words are mixed to keep the chains short. */
function mix(a: number, b: number, c: number, d: number): number {
  let hash = Math.imul(a ^ (b >>> 15), 0x85eb_ca6b) ^ Math.imul(b ^ (c >>> 13), 0xc2b2_ae35);
  hash ^= Math.imul(c ^ (d >>> 16), 0x27d4_eb2f) ^ Math.imul(d ^ (a >>> 14), 0x1656_67b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
