import type { Findings } from "./findings.ts";
import { IdTable } from "./id-table.ts";
import { LEAF_KINDS, parseLeaf, type Leaf, type LeafKind } from "./leaf.ts";
import { messageOf } from "./findings.ts";

/** Checks leaves one after the other: their form, and what each owes to those before it. */
export class LeafChecker {
  readonly counts: Record<LeafKind, number>;
  readonly #findings: Findings;
  readonly #lastOf = new IdTable();
  #lastAt = "";
  #gap = false;

  constructor(findings: Findings) {
    this.#findings = findings;
    this.counts = Object.fromEntries(LEAF_KINDS.map((kind) => [kind, 0])) as Record<LeafKind, number>;
  }

  /** Says that leaves could not be read here, so that those after them are not blamed for pointing at nothing. */
  skip(): void {
    this.#gap = true;
  }

  /** The leaf, or undefined when its bytes are not a leaf (which is then among the findings). */
  check(file: string, index: number, bytes: Uint8Array): Leaf | undefined {
    let leaf: Leaf;
    try {
      leaf = parseLeaf(bytes);
    } catch (error) {
      this.#findings.add(file, messageOf(error), index);
      this.skip();
      return undefined;
    }
    this.counts[leaf.t] += 1;
    if ((leaf.t === "genesis") !== (index === 0)) {
      this.#findings.add(file, `a ${leaf.t} leaf at ${index}: leaf 0, and no other, is genesis`, index);
    }
    if (leaf.at < this.#lastAt) this.#findings.add(file, `dated ${leaf.at}, before the leaf in front of it`, index);
    this.#lastAt = leaf.at;
    this.#checkChain(file, index, leaf);
    return leaf;
  }

  #checkChain(file: string, index: number, leaf: Leaf): void {
    const last = this.#lastOf.get(leaf.id);
    if (leaf.prev !== null && leaf.prev >= index) this.#findings.add(file, `points forwards, to ${leaf.prev}`, index);
    else if (!this.#gap || last !== undefined) {
      const expected = last === undefined ? "version 1" : `version ${last.ver + 1} after leaf ${last.index}`;
      if (leaf.prev !== (last?.index ?? null) || leaf.ver !== (last?.ver ?? 0) + 1) {
        const found = leaf.prev === null ? "version 1" : `version ${leaf.ver} after leaf ${leaf.prev}`;
        if (!this.#gap) this.#findings.add(file, `is ${found} of its thing where ${expected} belongs`, index);
      } else if (last !== undefined && last.stream !== leaf.s) {
        this.#findings.add(file, `is of stream ${leaf.s}, its thing of ${last.stream}`, index);
      }
    }
    this.#lastOf.set(leaf.id, { index, ver: leaf.ver, stream: leaf.s });
  }
}
