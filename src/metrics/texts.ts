import { sql } from "kysely";

import { dimValues, lookupCodes } from "../store/index.ts";
import type { Scope, Tx } from "../store/index.ts";

/** Codes and texts of the interned dims, read once a question and only as far as it needs them. */
export interface Texts {
  /** Codes of those texts that have one; null is 0. */
  codes(dim: string, texts: Iterable<string | null>): Promise<Map<string | null, number>>;
  /** Texts of these codes. */
  of(dim: string, codes: ReadonlySet<number>): Promise<ReadonlyMap<number, string>>;
  all(dim: string): Promise<ReadonlyMap<number, string>>;
}

/** Above this many codes the whole dim is read: one scan is cheaper than many look-ups. */
const FEW = 400;

export function textsOf(tx: Tx, scope: Scope): Texts {
  const whole = new Map<string, Promise<ReadonlyMap<number, string>>>();
  const all = (dim: string) => {
    const reading = whole.get(dim) ?? dimValues(tx, scope, dim);
    whole.set(dim, reading);
    return reading;
  };
  return {
    all,
    codes: (dim, texts) => lookupCodes(tx, scope, dim, texts),
    async of(dim, codes) {
      const wanted = [...codes].filter((code) => code !== 0);
      if (wanted.length === 0) return new Map();
      if (wanted.length > FEW || whole.has(dim)) return all(dim);
      const { rows } = await sql<{ code: bigint; value: string }>`
        select code, value
        from dims
        where tenant_id = ${scope.tenantId} and dim = ${dim} and code in (${sql.join(wanted)})
      `.execute(tx.db);
      return new Map(rows.map((row) => [Number(row.code), row.value]));
    },
  };
}
