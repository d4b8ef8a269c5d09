import type { Findings } from "./findings.ts";
import { payloadPath, TILE_WIDTH } from "./tile.ts";

/**
 * Holds what is missing against what `erase` leaves name: each erased payload must be named by a later `erase` leaf,
 * and each payload so named must be gone. About 25 bytes an erased leaf.
 */
export class Erasures {
  // In the order of the leaves, so that an index can be looked up by halving.
  readonly #missing: number[] = [];
  readonly #missingBy: number[] = [];
  readonly #named: number[] = [];
  readonly #namedBy: number[] = [];

  /** Leaf `index` has no payload; its line says leaf `by` erased it. Called in the order of the leaves. */
  missing(index: number, by: number): void {
    this.#missing.push(index);
    this.#missingBy.push(by);
  }

  /** The `erase` leaf `by` names these leaves. */
  named(by: number, leaves: readonly number[]): void {
    for (const index of leaves) {
      this.#named.push(index);
      this.#namedBy.push(by);
    }
  }

  /** All that was noted so far, to be sent to another thread. */
  facts(): ErasureFacts {
    return { missing: this.#missing, missingBy: this.#missingBy, named: this.#named, namedBy: this.#namedBy };
  }

  /** Takes over what was noted of the leaves that come next. */
  take({ missing, missingBy, named, namedBy }: ErasureFacts): void {
    for (const [at, index] of missing.entries()) this.missing(index, missingBy[at]!);
    for (const [at, index] of named.entries()) this.named(namedBy[at]!, [index]);
  }

  /** How many payloads are missing. */
  get count(): number {
    return this.#missing.length;
  }

  isMissing(index: number): boolean {
    return this.#placeOf(index) >= 0;
  }

  /** To be called once all leaves have been seen. */
  check(findings: Findings): void {
    const explained = new Uint8Array(this.#missing.length);
    for (const [at, index] of this.#named.entries()) {
      const by = this.#namedBy[at]!;
      const place = this.#placeOf(index);
      if (place < 0) findings.add(fileOf(index), `payload is still there, but leaf ${by} says it was erased`, index);
      else if (this.#missingBy[place] === by) explained[place] = 1;
    }
    for (const [place, index] of this.#missing.entries()) {
      if (explained[place] === 1) continue;
      findings.add(fileOf(index), `payload is missing, and leaf ${this.#missingBy[place]} does not erase it`, index);
    }
  }

  #placeOf(index: number): number {
    let low = 0;
    let high = this.#missing.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#missing[middle]!;
      if (found === index) return middle;
      if (found < index) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

function fileOf(index: number): string {
  return payloadPath(Math.floor(index / TILE_WIDTH));
}

/** Leaves without payload and by which leaf; leaves named and by which. */
export interface ErasureFacts {
  readonly missing: readonly number[];
  readonly missingBy: readonly number[];
  readonly named: readonly number[];
  readonly namedBy: readonly number[];
}
