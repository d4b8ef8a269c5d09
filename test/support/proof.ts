import { readFile } from "node:fs/promises";

/** A test that shows what a row of a table says: its file, and words of its name (of a table, those before the first `%`). */
export interface Proof {
  readonly file: string;
  readonly test: string;
}

/** Which of these tests are not there, by file and words. */
export async function missingProofs(proofs: readonly Proof[]): Promise<string[]> {
  const missing: string[] = [];
  for (const { file, test } of proofs) {
    const source = await readFile(new URL(`../../${file}`, import.meta.url), "utf8").catch(() => "");
    if (!source.includes(test)) missing.push(`${file} has no test "${test}"`);
  }
  return missing;
}
