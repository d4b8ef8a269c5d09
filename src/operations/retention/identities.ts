import { listPeople, type Scope, type Tx } from "../../store/index.ts";
import { AgedIdentities } from "../../sync/index.ts";

/** What swaps whoever a record names, people of the roster with all their addresses. */
export async function agedIdentities(tx: Tx, scope: Scope, key: Buffer): Promise<AgedIdentities> {
  return new AgedIdentities(key, await listPeople(tx, scope));
}

/** The pseudonyms under which records that are old enough say these texts. */
export async function agedTexts(tx: Tx, scope: Scope, key: Buffer, texts: readonly string[]): Promise<string[]> {
  const identities = await agedIdentities(tx, scope, key);
  const pseudonyms = texts.map((text) => identities.of(text));
  return [...new Set(pseudonyms.filter((text, at) => text !== texts[at]).map((text) => text.toLowerCase()))];
}
