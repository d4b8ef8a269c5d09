/** Something in a ledger, a note, a proof or an export that is not as the format says. The message states the fact. */
export class LedgerError extends Error {
  override readonly name: string = "LedgerError";
}
