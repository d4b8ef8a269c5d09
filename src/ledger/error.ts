/** Something in a ledger, a note, a proof or an export that is not as the format says. The message states the fact. */
export class LedgerError extends Error {
  override readonly name: string = "LedgerError";
}

/** What `read` gives, or null where it finds something that is not as the format says. */
export function ledgerErrorAsNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (thrown) {
    return nullIfLedgerError(thrown);
  }
}

/** The same for a promise to catch with. Whatever else went wrong rises. */
export function nullIfLedgerError(thrown: unknown): null {
  if (thrown instanceof LedgerError) return null;
  throw thrown;
}
