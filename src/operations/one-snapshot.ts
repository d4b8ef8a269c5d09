import type { Store } from "../store/index.ts";

/**
 * Answers several questions from one snapshot: they agree with each other while a sync goes on beside them, and what
 * one of them looked up is there for the next.
 */
export function inOneSnapshot<T>(store: Store, fn: (frozen: Store) => Promise<T>): Promise<T> {
  return store.read((tx) =>
    fn({
      engine: store.engine,
      place: store.place,
      staleTables: store.staleTables,
      read: (read) => read(tx),
      write: (write) => store.write(write),
      close: () => store.close(),
    }),
  );
}
