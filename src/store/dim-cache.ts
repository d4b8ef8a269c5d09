import type { Revision } from "./revision.ts";

/**
 * Codes that this process has seen, by tenant, dim and value. Only what is committed may stay.
 *
 * An era of a tenant ends when texts of it are forgotten: what was seen in an earlier one is not looked at again.
 */
export class DimCache {
  readonly #codes = new Map<string, Map<string, number>>();
  readonly #matches = new Map<string, DimMatches>();
  /** The state of each tenant's rows that was seen last (revision.ts). */
  readonly revisions = new Map<number, { readonly key: string; readonly revision: Revision }>();

  get(tenantId: number, era: number, dim: string): Map<string, number> {
    const key = `${tenantId} ${era} ${dim}`;
    let codes = this.#codes.get(key);
    if (!codes) {
      codes = new Map();
      this.#codes.set(key, codes);
    }
    return codes;
  }

  matches(tenantId: number, era: number, dim: string, condition: string): DimMatches | undefined {
    return this.#matches.get(`${tenantId} ${era} ${dim} ${condition}`);
  }

  setMatches(tenantId: number, era: number, dim: string, condition: string, matches: DimMatches): void {
    this.#matches.set(`${tenantId} ${era} ${dim} ${condition}`, matches);
  }
}

/** Texts of a dim that meet a condition, among those with codes up to `upTo`. */
export interface DimMatches {
  readonly upTo: number;
  readonly texts: ReadonlyMap<number, string>;
}
