import { describe, expect, it } from "vitest";

import { onEveryEngine, tenantScope } from "../../test/support/stores.ts";
import { tables } from "../../test/support/store-tables.ts";
import { codesOf, dimValuesWhere, type Scope, type Tx } from "./index.ts";

const SHORT = "length(value) = 1";
const short = (tx: Tx, scope: Scope) => dimValuesWhere(tx, scope, "model", SHORT);

onEveryEngine((engine) => {
  describe("texts of a dim that meet a condition", () => {
    it("are found among the new ones too, by each tenant for itself", async () => {
      const store = await (await engine.database()).open({ tables });
      const scope = await tenantScope(store);
      const other = await tenantScope(store, "other");
      expect(await store.read((tx) => short(tx, scope))).toEqual(new Map());
      await store.write((tx) => codesOf(tx, scope, "model", ["a", "long", "b"]));
      await store.write((tx) => codesOf(tx, other, "model", ["z"]));
      const first = new Map([
        [1, "a"],
        [3, "b"],
      ]);
      expect(await store.read((tx) => short(tx, scope))).toEqual(first);
      expect(await store.read((tx) => short(tx, scope))).toEqual(first);
      await store.write((tx) => codesOf(tx, scope, "model", ["longer", "c"]));
      expect(await store.read((tx) => short(tx, scope))).toEqual(new Map([...first, [5, "c"]]));
      expect(await store.read((tx) => short(tx, other))).toEqual(new Map([[1, "z"]]));
    });

    it("are not remembered from a transaction that was undone", async () => {
      const store = await (await engine.database()).open({ tables });
      const scope = await tenantScope(store);
      const failing = store.write(async (tx) => {
        await codesOf(tx, scope, "model", ["x"]);
        expect(await short(tx, scope)).toEqual(new Map([[1, "x"]]));
        throw new Error("on purpose");
      });
      await expect(failing).rejects.toThrow("on purpose");
      await store.write((tx) => codesOf(tx, scope, "model", ["y"]));
      expect(await store.read((tx) => short(tx, scope))).toEqual(new Map([[1, "y"]]));
    });

    it("are looked at anew after a tenant's were deleted", async () => {
      const store = await (await engine.database()).open({ tables });
      const scope = await tenantScope(store);
      await store.write((tx) => codesOf(tx, scope, "model", ["a", "b"]));
      await store.read((tx) => short(tx, scope));
      await store.write((tx) => tx.db.deleteFrom("dims").where("tenant_id", "=", scope.tenantId).execute());
      expect(await store.read((tx) => short(tx, scope))).toEqual(new Map());
    });
  });
});
