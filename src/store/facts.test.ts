import fc from "fast-check";
import { expect, it } from "vitest";

import { collected, onEveryEngine, sqliteEngine, tenantScope } from "../../test/support/stores.ts";
import { activity, models, tables, usage, users } from "../../test/support/store-tables.ts";
import type { Row, RowValue, Table } from "../domain/index.ts";
import {
  activeDays,
  activeSpelled,
  bitsOf,
  clearActiveDays,
  clearFacts,
  codesIn,
  codesOf,
  dimValues,
  findCode,
  joinExact,
  listOrganizations,
  lookupCodes,
  refreshActiveDays,
  refreshRollups,
  replaceRecordRows,
  rowsSpelled,
  sumExact,
  type ActiveDays,
  type Scope,
  type Store,
} from "./index.ts";

const DAY = 20_000;

const rules: ActiveDays = {
  table: activity,
  actor: "actor",
  rules: { any: ["sessions", "commits", "tokens"], token: ["tokens"], engaged: ["commits"] },
};

function usageRow(values: Partial<Record<string, RowValue>>): Row {
  const base = { organization_id: "org", day: DAY, api_key_id: "key-1", model: "opus" };
  return {
    table: usage,
    values: { ...base, input_tokens: 1, output_tokens: 2, amount_pico: 3n, ...values },
  };
}

function activityRow(values: Partial<Record<string, RowValue>>): Row {
  const base = { organization_id: "org", day: DAY, actor: "user:a@x.test", terminal: null, service_actor: null };
  return { table: activity, values: { ...base, sessions: 0, commits: 0, tokens: 0, ...values } };
}

function modelRow(actor: string, model: string): Row {
  const values = { organization_id: "org", day: DAY, actor, terminal: "vscode", model, input_tokens: 1 };
  return { table: models, values };
}

const insert = (store: Store, scope: Scope, inserts: Row[], deletes: Row[] = []) =>
  store.write((tx) => replaceRecordRows(tx, scope, { deletes, inserts }));

async function spelled(store: Store, scope: Scope, table: Table, rollup?: string, organization = "org") {
  return store.read(async (tx) => collected(rowsSpelled(tx, scope, table, organization, rollup)));
}

async function open(engine: Parameters<Parameters<typeof onEveryEngine>[0]>[0]) {
  const store = await (await engine.database()).open({ tables });
  return { store, scope: await tenantScope(store) };
}

onEveryEngine((engine) => {
  it("numbers the values of a dim from 1 without holes, and null is 0", async () => {
    const { store, scope } = await open(engine);
    const first = await store.write((tx) => codesOf(tx, scope, "model", ["b", null, "a", "b"]));
    expect(first).toEqual(
      new Map([
        ["b", 1],
        ["a", 2],
        [null, 0],
      ] as const),
    );
    const second = await store.write((tx) => codesOf(tx, scope, "model", ["c", "a"]));
    expect(second).toEqual(
      new Map([
        ["c", 3],
        ["a", 2],
      ]),
    );
    expect(await store.read((tx) => dimValues(tx, scope, "model"))).toEqual(
      new Map([
        [1, "b"],
        [2, "a"],
        [3, "c"],
      ]),
    );
  });

  it("numbers each dim and each tenant for itself", async () => {
    const { store, scope } = await open(engine);
    const other = await tenantScope(store, "other");
    await store.write(async (tx) => {
      await codesOf(tx, scope, "model", ["x", "y"]);
      expect(await codesOf(tx, scope, "api_key", ["y"])).toEqual(new Map([["y", 1]]));
      expect(await codesOf(tx, other, "model", ["y"])).toEqual(new Map([["y", 1]]));
    });
    expect(await store.read((tx) => dimValues(tx, other, "model"))).toEqual(new Map([[1, "y"]]));
  });

  it("forgets codes that an undone transaction made", async () => {
    const { store, scope } = await open(engine);
    const failing = store.write(async (tx) => {
      await codesOf(tx, scope, "model", ["ghost"]);
      throw new Error("on purpose");
    });
    await expect(failing).rejects.toThrow("on purpose");
    expect(await store.read((tx) => findCode(tx, scope, "model", "ghost"))).toBeNull();
    await store.write((tx) => codesOf(tx, scope, "model", ["real"]));
    const codes = await store.write((tx) => codesOf(tx, scope, "model", ["ghost", "real"]));
    expect(codes).toEqual(
      new Map([
        ["ghost", 2],
        ["real", 1],
      ]),
    );
  });

  it("finds codes without making any", async () => {
    const { store, scope } = await open(engine);
    await store.write((tx) => codesOf(tx, scope, "model", ["a"]));
    const codes = await store.read((tx) => lookupCodes(tx, scope, "model", ["a", "b", null]));
    expect(codes).toEqual(
      new Map([
        ["a", 1],
        [null, 0],
      ] as const),
    );
  });

  it("keeps any text apart from any other: control characters, long ones, look-alikes", async () => {
    const { store, scope } = await open(engine);
    const long = "é".repeat(500_000);
    const texts = [
      "",
      " ",
      "a",
      "A",
      "a\0",
      "a\uFFFE",
      "a\uFFFE0",
      "\uFFFE10",
      "\0",
      "\u200f<script>",
      "'\"\\{},null",
      long,
      `${long}x`,
    ];
    const codes = await store.write((tx) => codesOf(tx, scope, "name", texts));
    expect(new Set(codes.values()).size).toBe(texts.length);
    expect([...(await store.read((tx) => dimValues(tx, scope, "name"))).values()].sort()).toEqual(texts.toSorted());
    const rows = texts.map((id) => ({
      table: users,
      values: { organization_id: "org", id: id.slice(0, 9) + id.length, name: id, role: id },
    }));
    await insert(store, scope, rows);
    const back = await spelled(store, scope, users);
    expect(back.map((row) => String(row["name"])).sort()).toEqual(texts.toSorted());
    expect(back.every((row) => row["name"] === row["role"])).toBe(true);
  });

  it("gives one code when two processes meet a new value", async () => {
    const database = await engine.database();
    const [one, two] = [await database.open({ tables }), await database.open({ tables })];
    const scope = await tenantScope(one);
    const values = Array.from({ length: 50 }, (_, n) => `v${n}`);
    const [left, right] = await Promise.all([
      one.write((tx) => codesOf(tx, scope, "model", [...values, "left"])),
      two.write((tx) => codesOf(tx, scope, "model", [...values.toReversed(), "right"])),
    ]);
    for (const value of values) expect(left.get(value)).toBe(right.get(value));
    const codes = [...(await one.read((tx) => dimValues(tx, scope, "model"))).keys()].sort((a, b) => a - b);
    expect(codes).toEqual(Array.from({ length: 52 }, (_, n) => n + 1));
  });

  it("puts the rows of a changed record in the place of its earlier ones, however many there are", async () => {
    const { store, scope } = await open(engine);
    const before = [modelRow("a", "opus"), modelRow("a", "sonnet"), modelRow("b", "opus")];
    await insert(store, scope, before);
    await insert(store, scope, [modelRow("a", "haiku")], before.slice(0, 2));
    const left = await spelled(store, scope, models);
    expect(left.map((row) => `${row["actor"]} ${row["model"]}`)).toEqual(["a haiku", "b opus"]);
    await insert(store, scope, [], [modelRow("a", "whatever")]);
    expect((await spelled(store, scope, models)).map((row) => row["actor"])).toEqual(["b"]);
  });

  it("keeps null apart from an empty text in a key, and null apart from 0 in a measure", async () => {
    const { store, scope } = await open(engine);
    await insert(store, scope, [
      usageRow({ api_key_id: null, input_tokens: null }),
      usageRow({ api_key_id: "", input_tokens: 0 }),
    ]);
    const rows = await spelled(store, scope, usage);
    expect(rows.map((row) => [row["api_key_id"], row["input_tokens"]])).toEqual([
      ["", "0"],
      [null, null],
    ]);
  });

  it("leaves out the second of two records that give one row, and tells", async () => {
    const { store, scope } = await open(engine);
    expect(await insert(store, scope, [usageRow({}), usageRow({ input_tokens: 9 })])).toBe(1);
    expect(await insert(store, scope, [usageRow({})])).toBe(1);
    expect(await spelled(store, scope, usage)).toHaveLength(1);
  });

  it("refuses a row that leaves a column out", async () => {
    const { store, scope } = await open(engine);
    const { model: _, ...values } = usageRow({}).values;
    await expect(insert(store, scope, [{ table: usage, values }])).rejects.toThrow("has no model");
  });

  it("keeps many rows of several tables at once", async () => {
    const { store, scope } = await open(engine);
    const rows = Array.from({ length: 6000 }, (_, n) => usageRow({ api_key_id: `key-${n}`, input_tokens: n }));
    await insert(store, scope, [...rows, modelRow("a", "opus")]);
    expect(await spelled(store, scope, usage)).toHaveLength(6000);
    await insert(store, scope, rows.slice(0, 10), rows);
    expect(await spelled(store, scope, usage)).toHaveLength(10);
    expect(await spelled(store, scope, models)).toHaveLength(1);
  });

  it("sums the days asked for into roll-ups, and no others", async () => {
    const { store, scope } = await open(engine);
    const other = await tenantScope(store, "other");
    await insert(store, other, [usageRow({ input_tokens: 1000 })]);
    const rows = [
      usageRow({ input_tokens: 1, output_tokens: null }),
      usageRow({ api_key_id: "key-2", input_tokens: 10, output_tokens: null }),
      usageRow({ api_key_id: "key-3", input_tokens: null, model: null }),
      usageRow({ day: DAY + 1, input_tokens: 100 }),
      usageRow({ organization_id: "second", input_tokens: 1000 }),
    ];
    await insert(store, scope, rows);
    await store.write((tx) => refreshRollups(tx, scope, usage, "org", [DAY, DAY]));
    const daily = () => spelled(store, scope, usage, "usage_by_key_daily");
    expect(await daily()).toEqual([
      { organization_id: "org", day: DAY, model: null, input_tokens: null, output_tokens: "2", amount_pico: "3" },
      { organization_id: "org", day: DAY, model: "opus", input_tokens: "11", output_tokens: null, amount_pico: "6" },
    ]);
    await insert(store, scope, [], rows.slice(0, 3));
    await store.write((tx) => refreshRollups(tx, scope, usage, "org", [DAY, DAY + 1]));
    expect((await daily()).map((row) => [row["day"], row["input_tokens"]])).toEqual([[DAY + 1, "100"]]);
  });

  it("keeps who was active on each day by each rule", async () => {
    const { store, scope } = await open(engine);
    await insert(store, scope, [
      activityRow({ actor: "idle" }),
      activityRow({ actor: "opener", sessions: 1 }),
      activityRow({ actor: "both", terminal: "vscode", tokens: 5, commits: null }),
      activityRow({ actor: "both", terminal: "iterm", commits: 2, tokens: null }),
      activityRow({ actor: "silent", sessions: null, commits: null, tokens: null }),
      activityRow({ actor: null, sessions: 9 }),
      activityRow({ actor: "later", day: DAY + 1, tokens: 1 }),
    ]);
    await store.write((tx) => refreshActiveDays(tx, scope, rules, "org", [DAY, DAY + 1]));
    const active = () => store.read((tx) => collected(activeSpelled(tx, scope, rules, "org")));
    expect(await active()).toEqual([
      { day: DAY, rule: "any", actors: ["both", "opener"] },
      { day: DAY, rule: "engaged", actors: ["both"] },
      { day: DAY, rule: "token", actors: ["both"] },
      { day: DAY + 1, rule: "any", actors: ["later"] },
      { day: DAY + 1, rule: "token", actors: ["later"] },
    ]);
    const days = await store.read((tx) => activeDays(tx, scope, { rule: "any", from: DAY, to: DAY + 1 }));
    const codes = await store.read((tx) => lookupCodes(tx, scope, "actor", ["opener", "both"]));
    expect(days.map((entry) => codesIn(entry.bits))).toEqual([[codes.get("opener"), codes.get("both")]]);

    await insert(store, scope, [], [activityRow({ actor: "both", terminal: "iterm" })]);
    await store.write((tx) => refreshActiveDays(tx, scope, rules, "org", [DAY]));
    expect((await active()).map(({ rule, day }) => `${rule} ${day - DAY}`)).toEqual([
      "any 0",
      "token 0",
      "any 1",
      "token 1",
    ]);
    await store.write((tx) => clearActiveDays(tx, scope));
    expect(await active()).toEqual([]);
  });

  it("empties a projection with its roll-ups for one tenant only", async () => {
    const { store, scope } = await open(engine);
    const other = await tenantScope(store, "other");
    for (const one of [scope, other]) {
      await insert(store, one, [usageRow({})]);
      await store.write((tx) => refreshRollups(tx, one, usage, "org", [DAY]));
    }
    await store.write((tx) => clearFacts(tx, scope, usage));
    expect(await spelled(store, scope, usage)).toEqual([]);
    expect(await spelled(store, scope, usage, "usage_by_key_daily")).toEqual([]);
    expect(await spelled(store, other, usage)).toHaveLength(1);
    expect(await spelled(store, other, usage, "usage_by_key_daily")).toHaveLength(1);
  });

  it("spells the same facts in the same order, whatever codes they have", async () => {
    const rows = ["z", "a", "m", "B", "é", "😀"].map((key, n) =>
      usageRow({ api_key_id: key, day: DAY + (n % 2), input_tokens: n }),
    );
    const spell = async (inserts: Row[]) => {
      const { store, scope } = await open(engine);
      await insert(store, scope, inserts);
      expect(await store.read((tx) => listOrganizations(tx, scope))).toEqual(["org"]);
      const result = await spelled(store, scope, usage);
      await store.close();
      return result;
    };
    const forwards = await spell(rows);
    expect(forwards.map((row) => row["api_key_id"])).toEqual(["m", "z", "é", "B", "a", "😀"]);
    expect(await spell(rows.toReversed())).toEqual(forwards);
  });

  it("sums amounts that no 64-bit sum could hold, negative ones too", async () => {
    const { store, scope } = await open(engine);
    const largest = 9_223_372_036_854_775_807n;
    const amounts = [largest, largest, largest, -1n, -999_999_999n, -1_000_000_001n, -largest, 0n, null];
    await insert(
      store,
      scope,
      amounts.map((amount, n) => usageRow({ api_key_id: `key-${n}`, amount_pico: amount })),
    );
    const sumWhere = (keys: string[] | null) =>
      store.read(async (tx) => {
        const { hi, lo } = sumExact("amount_pico");
        const query = tx.db.selectFrom("usage_by_key").select([hi.as("hi"), lo.as("lo")]);
        const codes = keys && (await lookupCodes(tx, scope, "api_key", keys));
        const row = await (
          codes ? query.where("api_key_id", "in", [...codes.values()]) : query
        ).executeTakeFirstOrThrow();
        return joinExact(row.hi, row.lo);
      });
    expect(await sumWhere(null)).toBe(amounts.reduce<bigint>((sum, amount) => sum + (amount ?? 0n), 0n));
    expect(await sumWhere(["key-4", "key-5"])).toBe(-2_000_000_000n);
    expect(await sumWhere(["key-8"])).toBeNull();
  });
});

const sqlite = sqliteEngine();

it("sums any amounts exactly", async () => {
  const store = await (await sqlite.database()).open({ tables });
  const scope = await tenantScope(store);
  const amount = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  await fc.assert(
    fc.asyncProperty(fc.array(amount, { minLength: 1, maxLength: 30 }), async (amounts) => {
      await store.write((tx) => clearFacts(tx, scope, usage));
      await insert(
        store,
        scope,
        amounts.map((value, n) => usageRow({ api_key_id: `k${n}`, amount_pico: value })),
      );
      const { hi, lo } = sumExact("amount_pico");
      const row = await store.read((tx) =>
        tx.db
          .selectFrom("usage_by_key")
          .select([hi.as("hi"), lo.as("lo")])
          .executeTakeFirstOrThrow(),
      );
      expect(joinExact(row.hi, row.lo)).toBe(amounts.reduce((sum, value) => sum + value, 0n));
    }),
    { numRuns: 40 },
  );
});

it("reads back from bits the codes that were set", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 5000 })), (codes) => {
      expect(codesIn(bitsOf(codes))).toEqual(codes.toSorted((a, b) => a - b));
    }),
  );
  expect(bitsOf([1, 8, 10])).toEqual(Buffer.from([0b10, 0b101]));
});
