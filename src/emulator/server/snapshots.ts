/** Keeps the rows that a sequence of pages reads, so that later pages agree with the first. */
export class Snapshots {
  readonly #rows = new Map<string, readonly unknown[]>();
  readonly #most: number;

  constructor(most = 200) {
    this.#most = most;
  }

  /** Rows for the first page of a sequence: always made anew. */
  open<Row>(key: string, make: () => readonly Row[]): readonly Row[] {
    const rows = make();
    this.#rows.delete(key);
    this.#rows.set(key, rows);
    const oldest = this.#rows.keys().next();
    if (this.#rows.size > this.#most && !oldest.done) this.#rows.delete(oldest.value);
    return rows;
  }

  /** Rows for a later page; made again only when they were forgotten. */
  again<Row>(key: string, make: () => readonly Row[]): readonly Row[] {
    const rows = this.#rows.get(key);
    // The key names the endpoint and its whole query, so rows kept under it are of the type its maker gives.
    return rows === undefined ? this.open(key, make) : (rows as readonly Row[]);
  }
}
