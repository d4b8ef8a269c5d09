import { intOf, oneOf, textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import { IDENTIFIER_KINDS, type ErasedIdentifier, type Scope, type Tx, type WriteTx } from "./types.ts";

/** The identifiers of who was erased, as keyed hashes. */
export async function listErased(tx: Tx, scope: Scope): Promise<ErasedIdentifier[]> {
  const rows = await sessionOf(tx).all(
    `select hash, kind, words, pseudonym, subject, erased_ms
     from erased_identifiers
     where tenant_id = ?
     order by hash`,
    [scope.tenantId],
  );
  return rows.map((row) => ({
    hash: textOf(row, "hash"),
    kind: oneOf(row, "kind", IDENTIFIER_KINDS),
    words: intOf(row, "words"),
    pseudonym: textOf(row, "pseudonym"),
    subject: textOf(row, "subject"),
    erasedMs: intOf(row, "erased_ms"),
  }));
}

/** Adds identifiers; one that is listed keeps its pseudonym. */
export async function addErased(tx: WriteTx, scope: Scope, identifiers: readonly ErasedIdentifier[]): Promise<void> {
  for (const one of identifiers) {
    await sessionOf(tx).run(
      `insert into erased_identifiers (tenant_id, hash, kind, words, pseudonym, subject, erased_ms)
       values (?, ?, ?, ?, ?, ?, ?)
       on conflict (tenant_id, hash) do nothing`,
      [scope.tenantId, one.hash, one.kind, one.words, one.pseudonym, one.subject, one.erasedMs],
    );
  }
}
