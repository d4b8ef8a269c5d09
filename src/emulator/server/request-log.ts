/** One request as the emulator saw it. The key itself is never kept. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Null while the answer is held back or when the connection was broken on purpose. */
  status: number | null;
  readonly requestId: string;
  readonly keyFingerprint: string | null;
  /** The emulator's clock, milliseconds. */
  readonly at: number;
  /** Ids of the faults that acted on it. */
  faults: readonly string[];
}

/** The latest requests, oldest first; older ones fall out. */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];
  readonly #most: number;

  constructor(most = 20_000) {
    this.#most = most;
  }

  add(entry: LoggedRequest): LoggedRequest {
    this.entries.push(entry);
    // Dropping in blocks keeps this cheap under load.
    if (this.entries.length > this.#most * 1.1) this.entries.splice(0, this.entries.length - this.#most);
    return entry;
  }
}
