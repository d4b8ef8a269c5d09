import { sql } from "kysely";

import { dimValues, lookupCodes } from "../store/index.ts";
import type { Scope, Tx } from "../store/index.ts";

/** Codes and texts of the interned dims, read once and only as far as its questions need them. */
export interface Texts {
  /** Codes of those texts that have one; null is 0. */
  codes(dim: string, texts: Iterable<string | null>): Promise<Map<string | null, number>>;
  /** Texts of these codes. */
  of(dim: string, codes: ReadonlySet<number>): Promise<ReadonlyMap<number, string>>;
  all(dim: string): Promise<ReadonlyMap<number, string>>;
}

/** Above this many codes the whole dim is read: one scan is cheaper than many look-ups. */
const FEW = 400;

/** What was looked up so far. */
export interface KnownTexts {
  readonly whole: Map<string, ReadonlyMap<number, string>>;
  readonly known: Map<string, Known>;
}

export function noTexts(): KnownTexts {
  return { whole: new Map(), known: new Map() };
}

/** @param before what was looked up in snapshots that saw the same. */
export function textsOf(tx: Tx, scope: Scope, before: () => Promise<KnownTexts>): Texts {
  const knownOf = async (dim: string): Promise<Known> => {
    const { known } = await before();
    const one = known.get(dim) ?? { texts: new Map(), codes: new Map(), absent: new Set() };
    known.set(dim, one);
    return one;
  };
  const all = async (dim: string) => {
    const { whole } = await before();
    const found = whole.get(dim) ?? (await dimValues(tx, scope, dim));
    whole.set(dim, found);
    return found;
  };
  return {
    all,
    async codes(dim, texts) {
      const { codes, absent } = await knownOf(dim);
      const asked = [...texts];
      const unknown = asked.filter((text) => !codes.has(text) && !absent.has(text));
      if (unknown.length > 0) {
        const found = await lookupCodes(tx, scope, dim, unknown);
        for (const text of unknown) {
          const code = found.get(text);
          if (code === undefined) absent.add(text);
          else codes.set(text, code);
        }
      }
      return new Map(asked.flatMap((text) => (codes.has(text) ? [[text, codes.get(text)!] as const] : [])));
    },
    async of(dim, codes) {
      const wanted = [...codes].filter((code) => code !== 0);
      if (wanted.length === 0) return new Map();
      if (wanted.length > FEW || (await before()).whole.has(dim)) return all(dim);
      const { texts } = await knownOf(dim);
      const unknown = wanted.filter((code) => !texts.has(code));
      const asked = () =>
        new Map(wanted.flatMap((code) => (texts.has(code) ? [[code, texts.get(code)!] as const] : [])));
      if (unknown.length === 0) return asked();
      const { rows } = await sql<{ code: bigint; value: string }>`
        select code, value
        from dims
        where tenant_id = ${scope.tenantId} and dim = ${dim} and code in (${sql.join(unknown)})
      `.execute(tx.db);
      for (const row of rows) texts.set(Number(row.code), row.value);
      return asked();
    },
  };
}

/** What was looked up of one dim. */
interface Known {
  readonly texts: Map<number, string>;
  readonly codes: Map<string | null, number>;
  /** Texts that were never stored. */
  readonly absent: Set<string | null>;
}
