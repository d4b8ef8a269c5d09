import type { Store, Tx } from "../store/index.ts";

/**
 * Rows of one snapshot, one at a time: the transaction stays open while they are read, and ends with the last row or
 * when the reader stops early.
 */
export async function* inSnapshot<T>(store: Store, rowsOf: (tx: Tx) => AsyncIterable<T>): AsyncGenerator<T> {
  let give!: (rows: AsyncIterator<T>) => void;
  let release!: () => void;
  const begun = new Promise<AsyncIterator<T>>((resolve) => {
    give = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const transaction = store.read(async (tx) => {
    const rows = rowsOf(tx)[Symbol.asyncIterator]();
    give(rows);
    await released;
    // A reader that stopped early leaves a statement open, which would keep the transaction from ending.
    await rows.return?.();
  });
  try {
    const rows = await Promise.race([begun, transaction.then(neverBegun)]);
    for (let next = await rows.next(); next.done !== true; next = await rows.next()) yield next.value;
  } finally {
    release();
    await transaction;
  }
}

function neverBegun(): never {
  throw new Error("a transaction that ended before it began");
}
