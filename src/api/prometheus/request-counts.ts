/** How many requests were answered how, and how long they took. Counted from the start, before anybody scrapes. */
export class RequestCounts {
  readonly #counts = new Map<string, { method: string; status: string; count: number; seconds: number }>();

  add(method: string, status: number, ms: number): void {
    const key = `${method} ${status}`;
    const before = this.#counts.get(key) ?? { method, status: String(status), count: 0, seconds: 0 };
    before.count += 1;
    before.seconds += ms / 1000;
    this.#counts.set(key, before);
  }

  all(): readonly {
    readonly method: string;
    readonly status: string;
    readonly count: number;
    readonly seconds: number;
  }[] {
    return [...this.#counts.values()];
  }
}
