import { describe, expect, it } from "vitest";

import { rebuildRows } from "../../src/sync/index.ts";
import { streams } from "../../src/source/index.ts";
import { withBursar } from "../support/bursar.ts";

describe("versions", () => {
  it("fetches an organization whole, and nothing new the second time", async () => {
    await withBursar({}, async (bursar) => {
      const first = await bursar.sync();
      console.log(JSON.stringify(first, null, 1).slice(0, 6000));
      expect(first.outcome).toBe("complete");
      const digest = await bursar.digest();
      const second = await bursar.sync();
      expect(
        second.streams
          .map(({ new: fresh, changed, gone }) => [fresh, changed, gone])
          .flat()
          .every((n) => n === 0),
      ).toBe(true);
      expect(await bursar.digest()).toBe(digest);
      const rebuilt = await rebuildRows(bursar.store, bursar.scope, streams);
      expect(rebuilt.digestAfter).toBe(digest);
      expect(rebuilt.digestBefore).toBe(digest);
    });
  });
});
