import { LIST_DAY, windowOf, type DayNumber, type Json, type WindowFacts } from "../domain/index.ts";
import type { Leaf } from "../ledger/index.ts";

/** One commit as the ledger tells it: what it spoke for, and on which days records came, changed or went. */
export interface ToldWindow {
  readonly stream: string;
  readonly window: WindowFacts;
  readonly moved: ReadonlyMap<DayNumber, number>;
}

/**
 * Finds the commits in a run of leaves: the fetches of a window, of which the last one says what it speaks for, then the
 * records that it moved. Windows of earlier versions say nothing, and are passed over.
 */
export class CommitReader {
  #open: { readonly stream: string; readonly window: WindowFacts; readonly moved: Map<DayNumber, number> } | null =
    null;

  /**
   * Takes the next leaf.
   *
   * @param day of a `rec` or `gone`
   * @returns the commit that ended before it, or null
   */
  add({ t, s }: Pick<Leaf, "t" | "s">, payload: string | null, day: DayNumber | null): ToldWindow | null {
    if ((t === "rec" || t === "gone") && this.#open?.stream === s) {
      const at = day ?? LIST_DAY;
      this.#open.moved.set(at, (this.#open.moved.get(at) ?? 0) + 1);
      return null;
    }
    const ended = this.end();
    const window = t === "fetch" && payload !== null ? windowOf(JSON.parse(payload) as Json) : null;
    if (window !== null) this.#open = { stream: s, window, moved: new Map() };
    return ended;
  }

  /** The commit under way, when the leaves end here. */
  end(): ToldWindow | null {
    const ended = this.#open;
    this.#open = null;
    return ended;
  }
}
