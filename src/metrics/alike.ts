import type { Asking } from "./asking.ts";
import type { Dimension } from "./dimensions.ts";
import type { Identities } from "./identity.ts";

/** Codes of a stored column that stand for the same in one question: the database reads them as the first of them. */
export interface Alike {
  readonly column: string;
  readonly codes: readonly (readonly number[])[];
}

/** Below this many codes there is little to save. */
const MANY = 50;

/**
 * Of a column with a value for each person or key, which codes fall together because every dimension that is asked says
 * the same of them: a few teams by day are read for thousands of people by day. Null when that would save little.
 *
 * Those of whom a dimension says another thing on another day stay apart.
 */
export async function alikeCodes(
  asking: Asking,
  { column, dim }: { readonly column: string; readonly dim: string },
  dimensions: readonly Dimension[],
  who: Identities,
): Promise<Alike | null> {
  if (dimensions.some(({ derive }) => derive === undefined)) return null;
  const texts = await asking.texts.all(dim);
  if (texts.size < MANY) return null;
  const classes = new Map<string, number[]>();
  for (const [code, text] of texts) {
    if (dimensions.some(({ changesFor }) => changesFor?.([text], who))) continue;
    const key = JSON.stringify(dimensions.map(({ derive }) => derive!([text], who, null)));
    const codes = classes.get(key) ?? [];
    classes.set(key, codes);
    codes.push(code);
  }
  const codes = [...classes.values()].filter((own) => own.length > 1);
  const merged = codes.reduce((sum, own) => sum + own.length - 1, 0);
  return merged > texts.size / 2 ? { column, codes } : null;
}
