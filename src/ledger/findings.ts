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

/** What went wrong, in words for a report. */
export function messageOf(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return "is missing";
  return error instanceof Error ? error.message : String(error);
}

const KEPT = 100;
