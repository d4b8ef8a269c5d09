import { leafBytes, leafHash, sealPayloads, type LeafKind } from "../ledger/index.ts";
import type { LogState, NewLeaf } from "../store/index.ts";
import type { Random } from "../domain/index.ts";

export interface LeafDraft {
  readonly t: LeafKind;
  readonly s: string;
  /** Canonical JSON. */
  readonly payload: string;
  /** Absent: a thing of its own, with a new random id, version 1. */
  readonly of?: { readonly id: string; readonly ver: number; readonly prev: number | null };
}

/**
 * Lines up the leaves of one transaction after the log's present end.
 *
 * Indexes are given out as leaves are added, so that a record can name the fetch that saw it; salts and hashes are
 * made in one go at the end.
 */
export class LogAppender {
  readonly #state: LogState;
  readonly #random: Random;
  readonly #drafts: LeafDraft[] = [];
  readonly atMs: number;
  /** The clock stands before the last leaf: `at` was clamped up, and an audit leaf should say so. */
  readonly clockWentBack: boolean;

  constructor(state: LogState, nowMs: number, random: Random) {
    this.#state = state;
    this.#random = random;
    this.clockWentBack = nowMs < state.lastAtMs;
    this.atMs = Math.max(nowMs, state.lastAtMs);
  }

  /** The index that the leaf will have. */
  add(draft: LeafDraft): number {
    return this.#state.size + this.#drafts.push(draft) - 1;
  }

  /** The leaves, for `appendLeaves`. */
  finish(): NewLeaf[] {
    const at = new Date(this.atMs).toISOString();
    const seals = sealPayloads(
      this.#drafts.map((draft) => draft.payload),
      (size) => this.#random.bytes(size),
    );
    const ids = newIds(this.#random, this.#drafts.filter(({ of }) => of === undefined).length);
    return this.#drafts.map((draft, i): NewLeaf => {
      const seal = seals[i]!;
      const { id, ver, prev } = draft.of ?? { id: ids.pop()!, ver: 1, prev: null };
      const leaf = leafBytes({ at, c: seal.commitment, id, prev, s: draft.s, t: draft.t, v: 1, ver });
      const { salt } = seal;
      return { index: this.#state.size + i, leaf, leafHash: leafHash(leaf), salt, payload: draft.payload };
    });
  }
}

/** Random 128-bit ids, 32 hex digits each, from one draw. */
export function newIds(random: Random, count: number): string[] {
  const drawn = random.bytes(16 * count).toString("hex");
  return Array.from({ length: count }, (_, i) => drawn.slice(32 * i, 32 * i + 32));
}
