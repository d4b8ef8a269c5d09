/** One thing in an export that is not as it must be. */
export interface VerifyFailure {
  /** The file it was seen in, from the export's folder. */
  readonly file: string;
  /** The leaf it is about, where it is about one. */
  readonly index?: number;
  readonly what: string;
}

/** Gathers failures: all are counted, the first hundred are kept. */
export class Findings {
  readonly kept: VerifyFailure[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(file: string, what: string, index?: number): void {
    this.#count += 1;
    if (this.kept.length < KEPT) this.kept.push(index === undefined ? { file, what } : { file, index, what });
  }

  /** Takes over what another one gathered. */
  take(kept: readonly VerifyFailure[], count: number): void {
    this.#count += count;
    this.kept.push(...kept.slice(0, Math.max(0, KEPT - this.kept.length)));
  }

  /** Takes over what was found late but belongs earlier: each stands in front of what is now at its place in `kept`. */
  insert({ first, count }: OrderedFindings, placeOf: (order: number) => number): void {
    this.#count += count;
    // From the last one on, so that the places before it still are what they were.
    for (const { order, failure } of first.toReversed()) this.kept.splice(placeOf(order), 0, failure);
    this.kept.splice(KEPT);
  }

  /** Runs a check that throws; what it throws becomes a failure of that file. */
  async guard<T>(file: string, check: () => T | Promise<T>, index?: number): Promise<T | undefined> {
    try {
      return await check();
    } catch (error) {
      this.add(file, messageOf(error), index);
      return undefined;
    }
  }
}

/** Gathers failures out of their order: all are counted, the first hundred in order are kept. */
export class OrderedFindings {
  #kept: Ordered[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** No two may have the same `order`. */
  add(order: number, failure: VerifyFailure): void {
    this.#count += 1;
    this.#kept.push({ order, failure });
    if (this.#kept.length > 2 * KEPT) this.#cut();
  }

  get first(): readonly Ordered[] {
    this.#cut();
    return this.#kept;
  }

  get kept(): VerifyFailure[] {
    return this.first.map(({ failure }) => failure);
  }

  #cut(): void {
    this.#kept = this.#kept.sort((a, b) => a.order - b.order).slice(0, KEPT);
  }
}

interface Ordered {
  readonly order: number;
  readonly failure: VerifyFailure;
}

/** What went wrong, in words for a report. */
export function messageOf(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return "is missing";
  return error instanceof Error ? error.message : String(error);
}

const KEPT = 100;
