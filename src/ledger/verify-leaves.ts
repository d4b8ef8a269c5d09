import type { Findings } from "./findings.ts";
import { messageOf } from "./findings.ts";
import { IdTable } from "./id-table.ts";
import { LeafChain, type ChainNumbers } from "./leaf-chain.ts";
import { LEAF_KINDS, parseLeaf, type Leaf, type LeafKind } from "./leaf.ts";

/** Checks leaves one after the other: their form, and what each owes to those before it. */
export class LeafChecker {
  readonly #reader: LeafReader;
  readonly #chain: ChainChecker;

  constructor(findings: Findings) {
    this.#reader = new LeafReader(findings);
    this.#chain = new ChainChecker(findings);
  }

  get counts(): Readonly<Record<LeafKind, number>> {
    return this.#reader.counts;
  }

  /** The leaf, or undefined when its bytes are not a leaf (which is then among the findings). */
  check(file: string, index: number, bytes: Uint8Array): Leaf | undefined {
    const leaf = this.#reader.read(file, index, bytes);
    const chain = new LeafChain(1);
    chain.add(leaf);
    this.#chain.check(chain, index, () => file);
    return leaf;
  }
}

/** Reads leaves one after the other and checks their form, their kind's place and that time does not go back. */
export class LeafReader {
  readonly counts: Record<LeafKind, number> = noLeaves();
  /** When the first leaf was appended, and the last one; empty before any could be read. */
  firstAt = "";
  lastAt = "";
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** The leaf, or undefined when its bytes are not a leaf (which is then among the findings). */
  read(file: string, index: number, bytes: Uint8Array): Leaf | undefined {
    let leaf: Leaf;
    try {
      leaf = parseLeaf(bytes);
    } catch (error) {
      this.#findings.add(file, messageOf(error), index);
      return undefined;
    }
    this.counts[leaf.t] += 1;
    if ((leaf.t === "genesis") !== (index === 0)) {
      this.#findings.add(file, `a ${leaf.t} leaf at ${index}: leaf 0, and no other, is genesis`, index);
    }
    if (leaf.at < this.lastAt) this.#findings.add(file, `dated ${leaf.at}, before the leaf in front of it`, index);
    if (this.firstAt === "") this.firstAt = leaf.at;
    this.lastAt = leaf.at;
    return leaf;
  }
}

/** Holds each leaf against the last one with its id. */
export class ChainChecker {
  readonly #findings: Findings;
  readonly #lastOf = new IdTable();
  #gap = false;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** Checks leaves from `first` on, which follow those checked before. */
  check(chain: ChainNumbers, first: number, fileOf: (index: number) => string): void {
    for (let at = 0; at < chain.length; at++) {
      const prev = chain.prevs[at]!;
      // Those after a leaf that could not be read are not blamed for pointing at nothing.
      if (Number.isNaN(prev)) this.#gap = true;
      else this.#checkOne(chain, at, first + at, prev, fileOf);
    }
  }

  #checkOne(chain: ChainNumbers, at: number, index: number, prev: number, fileOf: (index: number) => string): void {
    const ver = chain.vers[at]!;
    const stream = chain.names[chain.streams[at]!]!;
    const last = this.#lastOf.getAt(chain.ids, at * 4);
    if (prev >= index) this.#findings.add(fileOf(index), `points forwards, to ${prev}`, index);
    else if (prev !== (last?.index ?? -1) || ver !== (last?.ver ?? 0) + 1) {
      if (!this.#gap) {
        const expected = last === undefined ? "version 1" : `version ${last.ver + 1} after leaf ${last.index}`;
        const found = prev < 0 ? "version 1" : `version ${ver} after leaf ${prev}`;
        this.#findings.add(fileOf(index), `is ${found} of its thing where ${expected} belongs`, index);
      }
    } else if (last !== undefined && last.stream !== stream) {
      this.#findings.add(fileOf(index), `is of stream ${stream}, its thing of ${last.stream}`, index);
    }
    this.#lastOf.setAt(chain.ids, at * 4, { index, ver, stream });
  }
}

export function noLeaves(): Record<LeafKind, number> {
  return Object.fromEntries(LEAF_KINDS.map((kind) => [kind, 0])) as Record<LeafKind, number>;
}
