/** An answer as it is sent. */
export interface KeptAnswer {
  readonly body: Buffer;
  readonly contentType: string;
  /** Cursor of the page behind this one, for answers that are no JSON. */
  readonly nextCursor: string | null;
  /** Offset of the rows behind these, for a list that was cut by its own limit and is no JSON. */
  readonly nextOffset?: number;
}

/**
 * The answers asked for last, by what they depend on, up to a number of bytes. Equal questions at one time are computed
 * once; a failure is told to all who wait and kept for nobody.
 */
export class AnswerCache {
  readonly #most: number;
  readonly #kept = new Map<string, KeptAnswer>();
  readonly #underWay = new Map<string, Promise<KeptAnswer>>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#most = mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The answer if it is ready, or on its way for somebody else. */
  find(key: string): KeptAnswer | Promise<KeptAnswer> | undefined {
    const found = this.#kept.get(key);
    if (found === undefined) return this.#underWay.get(key);
    // Asked for last, dropped last.
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found;
  }

  /** The answer if it is ready, without calling it asked for. */
  ready(key: string): KeptAnswer | undefined {
    return this.#kept.get(key);
  }

  compute(key: string, make: () => Promise<KeptAnswer>): Promise<KeptAnswer> {
    const making = make()
      .then((answer) => {
        this.#keep(key, answer);
        return answer;
      })
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, making);
    return making;
  }

  #keep(key: string, answer: KeptAnswer): void {
    const size = sizeOf(answer);
    if (size > this.#most / 4) return;
    this.#kept.set(key, answer);
    this.#bytes += size;
    for (const [oldest, dropped] of this.#kept) {
      if (this.#bytes <= this.#most) return;
      this.#kept.delete(oldest);
      this.#bytes -= sizeOf(dropped);
    }
  }
}

/** With what the map itself holds for it. */
function sizeOf({ body }: KeptAnswer): number {
  return body.byteLength + 512;
}
