import type { Findings } from "./findings.ts";
import { messageOf } from "./findings.ts";
import { LeafChain } from "./leaf-chain.ts";
import { LEAF_KINDS, parseLeaf, type Leaf, type LeafKind } from "./leaf.ts";
import type { ScratchFile } from "./scratch-file.ts";
import { ChainChecker } from "./verify-chains.ts";

/** Checks leaves one after the other, wherever they stand: their form, and what each owes to those before it. */
export class LeafChecker {
  readonly #findings: Findings;
  readonly #place: string;
  readonly #reader: LeafReader;
  readonly #chains: ChainChecker;
  #chain = new LeafChain(LEAVES_A_CHAIN);

  /** @param place what to name in the findings */
  constructor(findings: Findings, place: string, scratch: ScratchFile) {
    this.#findings = findings;
    this.#place = place;
    this.#reader = new LeafReader(findings);
    this.#chains = new ChainChecker(scratch);
  }

  get counts(): Readonly<Record<LeafKind, number>> {
    return this.#reader.counts;
  }

  /** The leaf, or undefined when its bytes are not a leaf (which is then among the findings). */
  check(index: number, bytes: Uint8Array): Leaf | undefined {
    const leaf = this.#reader.read(this.#place, index, bytes);
    this.#chain.add(index, leaf);
    if (this.#chain.length === LEAVES_A_CHAIN) this.#addChain();
    return leaf;
  }

  /** To be called once all leaves have been seen. */
  finish(): void {
    this.#addChain();
    const { kept, count } = this.#chains.judge(() => this.#place);
    this.#findings.take(kept, count);
  }

  #addChain(): void {
    this.#chains.add(this.#chain);
    this.#chain = new LeafChain(LEAVES_A_CHAIN);
  }
}

const LEAVES_A_CHAIN = 1024;

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

export function noLeaves(): Record<LeafKind, number> {
  return Object.fromEntries(LEAF_KINDS.map((kind) => [kind, 0])) as Record<LeafKind, number>;
}
