import { expect, it } from "vitest";

import { getSetting, setSetting } from "../store/index.ts";
import { openTestStore } from "../../test/support/metrics-store.ts";
import { inOneSnapshot } from "./one-snapshot.ts";

it("reads what was there when it began, whatever is written meanwhile", async () => {
  const { store, scope, close } = await openTestStore("sqlite");
  try {
    const read = (from: typeof store) => from.read((tx) => getSetting(tx, scope, "color"));
    await store.write((tx) => setSetting(tx, scope, "color", "red"));
    const seen = await inOneSnapshot(store, async (frozen) => {
      const first = await read(frozen);
      await store.write((tx) => setSetting(tx, scope, "color", "blue"));
      return [first, await read(frozen)];
    });
    expect(seen).toEqual(["red", "red"]);
    expect(await read(store)).toBe("blue");
  } finally {
    await close();
  }
});
