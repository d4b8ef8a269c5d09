import { describe, expect, it } from "vitest";

import { onEveryEngine, tenantScope } from "../../test/support/stores.ts";
import { activity, tables } from "../../test/support/store-tables.ts";
import { codesOf, dimValues, dimValuesWhere, findCode, replaceRecordRows, type Scope, type Tx } from "./index.ts";
import { forgetAllDims, forgetUnusedDims } from "./unused-dims.ts";

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
      await store.write((tx) => forgetAllDims(tx, scope));
      expect(await store.read((tx) => short(tx, scope))).toEqual(new Map());
    });
  });

  describe("texts that no row uses", () => {
    const rowOf = (actor: string, terminal: string, service: string | null) => {
      const values = { organization_id: "org", day: 1, actor, terminal, service_actor: service };
      return { table: activity, values: { ...values, sessions: 1, commits: 0, tokens: 0 } };
    };

    it("are forgotten; those of any column and of other tenants stay, and a code is never given again", async () => {
      const store = await (await engine.database()).open({ tables });
      const scope = await tenantScope(store);
      const other = await tenantScope(store, "other");
      const rows = [rowOf("ann", "vscode", null), rowOf("bob", "tmux", "ci"), rowOf("cy", "vscode", null)];
      for (const own of [scope, other]) {
        await store.write((tx) => replaceRecordRows(tx, own, { deletes: [], inserts: rows }));
      }
      await store.write(async (tx) => {
        await replaceRecordRows(tx, scope, { deletes: [rows[0]!], inserts: [] });
        await forgetUnusedDims(tx, scope, tables);
      });
      const texts = async (own: Scope, dim: string) => {
        const found = await store.read((tx) => dimValues(tx, own, dim));
        return [...found.values()].toSorted();
      };
      expect(await texts(scope, "actor")).toEqual(["bob", "ci", "cy"]);
      expect(await texts(scope, "terminal")).toEqual(["tmux", "vscode"]);
      expect(await texts(other, "actor")).toEqual(["ann", "bob", "ci", "cy"]);
      expect((await store.write((tx) => codesOf(tx, scope, "actor", ["ann"]))).get("ann")).toBe(5);
    });

    it("are forgotten by a process that remembers their codes", async () => {
      const database = await engine.database();
      const store = await database.open({ tables });
      const purging = await database.open({ tables });
      const scope = await tenantScope(store);
      await store.write((tx) => codesOf(tx, scope, "actor", ["ann"]));
      await purging.write((tx) => forgetUnusedDims(tx, scope, tables));
      expect(await store.read((tx) => findCode(tx, scope, "actor", "ann"))).toBeNull();
      expect((await store.write((tx) => codesOf(tx, scope, "actor", ["ann"]))).get("ann")).toBe(2);
    });
  });
});
