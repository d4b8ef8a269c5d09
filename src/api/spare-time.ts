/** Work rests so many times as long as it took: of a hundred questions that come meanwhile, it holds up two or three. */
const RESTS = 40;
const LONGEST_REST_MS = 5_000;

/** Time for work that nobody waits for: one piece at a time, with a rest after each. */
export class SpareTime {
  #isTaken = false;
  #restsUntil = 0;

  /** Does the work now, or not at all: whoever offers it will do so again. */
  async offer(work: () => Promise<unknown>): Promise<void> {
    const startedAt = performance.now();
    if (this.#isTaken || startedAt < this.#restsUntil) return;
    this.#isTaken = true;
    try {
      await work();
    } catch {
      // Whoever waits for the same later hears why there is none.
    } finally {
      const endedAt = performance.now();
      this.#isTaken = false;
      this.#restsUntil = endedAt + Math.min(LONGEST_REST_MS, (endedAt - startedAt) * RESTS);
    }
  }
}
