import { LedgerError } from "../ledger/index.ts";

/** What `read` gives, or null where what it reads is not what a ledger holds. Whatever else goes wrong rises. */
export async function soundOrNull<T>(read: () => T | Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof LedgerError) return null;
    throw thrown;
  }
}
