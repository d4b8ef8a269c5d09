import { describe, expect, it } from "vitest";

import type { Store, Tx } from "../store/index.ts";
import { inSnapshot } from "./in-snapshot.ts";

/** Counts transactions that are open. The database itself is not what is tried here. */
function countingStore(): { store: Store; open: () => number } {
  let open = 0;
  const read: Store["read"] = async (fn) => {
    open += 1;
    try {
      return await fn({} as Tx);
    } finally {
      open -= 1;
    }
  };
  return { store: { read } as Store, open: () => open };
}

async function* numbers(upTo: number): AsyncGenerator<number> {
  for (let i = 0; i < upTo; i += 1) yield i;
}

describe("rows of a snapshot", () => {
  it("keep their transaction open until the last one", async () => {
    const { store, open } = countingStore();
    const seen: number[] = [];
    for await (const row of inSnapshot(store, () => numbers(3))) {
      expect(open()).toBe(1);
      seen.push(row);
    }
    expect(seen).toEqual([0, 1, 2]);
    expect(open()).toBe(0);
  });

  it("let it go when the reader stops early", async () => {
    const { store, open } = countingStore();
    for await (const row of inSnapshot(store, () => numbers(3))) if (row === 1) break;
    expect(open()).toBe(0);
  });

  it("pass on what goes wrong, and close", async () => {
    const { store, open } = countingStore();
    const reading = async () => {
      for await (const row of inSnapshot(store, failing)) expect(row).toBe(1);
    };
    await expect(reading()).rejects.toThrow("damaged");
    expect(open()).toBe(0);
  });

  it("pass on that the transaction never began", async () => {
    const read = async () => {
      throw new Error("locked");
    };
    const reading = async () => {
      for await (const row of inSnapshot({ read } as unknown as Store, () => numbers(1))) expect(row).toBe(0);
    };
    await expect(reading()).rejects.toThrow("locked");
  });
});

async function* failing(): AsyncGenerator<number> {
  yield 1;
  throw new Error("damaged");
}
