/** Codes that this process has seen, by tenant, dim and value. Only what is committed may stay. */
export class DimCache {
  readonly #codes = new Map<string, Map<string, number>>();
  readonly #matches = new Map<string, DimMatches>();

  get(tenantId: number, dim: string): Map<string, number> {
    const key = `${tenantId} ${dim}`;
    let codes = this.#codes.get(key);
    if (!codes) {
      codes = new Map();
      this.#codes.set(key, codes);
    }
    return codes;
  }

  matches(tenantId: number, dim: string, condition: string): DimMatches | undefined {
    return this.#matches.get(`${tenantId} ${dim} ${condition}`);
  }

  setMatches(tenantId: number, dim: string, condition: string, matches: DimMatches): void {
    this.#matches.set(`${tenantId} ${dim} ${condition}`, matches);
  }
}

/** Texts of a dim that meet a condition, among those with codes up to `upTo`. */
export interface DimMatches {
  readonly upTo: number;
  readonly texts: ReadonlyMap<number, string>;
}
