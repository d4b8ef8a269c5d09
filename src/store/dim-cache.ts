/** Codes that this process has seen, by tenant, dim and value. Only what is committed may stay. */
export class DimCache {
  readonly #codes = new Map<string, Map<string, number>>();

  get(tenantId: number, dim: string): Map<string, number> {
    const key = `${tenantId} ${dim}`;
    let codes = this.#codes.get(key);
    if (!codes) {
      codes = new Map();
      this.#codes.set(key, codes);
    }
    return codes;
  }
}
