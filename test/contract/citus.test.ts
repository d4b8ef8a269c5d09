import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

import { REFERENCE, TENANT } from "../../src/domain/index.ts";
import { streams } from "../../src/source/index.ts";
import { citusPlan } from "../../src/store/citus.ts";
import { createStatements } from "../../src/store/ddl.ts";
import { migrations } from "../../src/store/migrations/index.ts";
import { POSTGRES_TYPES } from "../../src/store/migrations/migration.ts";

interface Shape {
  readonly table: string;
  readonly key: readonly string[];
  /** Columns, as text, of each unique index. */
  readonly unique: string[];
  readonly references: readonly string[];
}

const tables = streams.flatMap((stream) => stream.tables);
const meta: Shape = { table: "meta", key: ["name"], unique: [], references: [] };
const statements = [
  ...migrations.flatMap((migration) => migration.statements(POSTGRES_TYPES)),
  ...tables.flatMap((table) => createStatements(table, "postgres")),
];
const shapes = [meta, ...statements.flatMap(shapeOf)];
for (const statement of statements) {
  const index = /^create unique index \w+ on (\w+) \((.*)\)$/.exec(statement);
  shapes.find(({ table }) => table === index?.[1])?.unique.push(index![2]!);
}
const plan = new Map(citusPlan(tables).map(({ table, by }) => [table, by]));

function shapeOf(statement: string): Shape[] {
  const table = /^create table (\w+)/.exec(statement)?.[1];
  if (!table) return [];
  const key = /primary key \(([^)]*)\)/.exec(statement)![1]!.split(", ");
  return [
    { table, key, unique: [], references: [...statement.matchAll(/references (\w+)/g)].map((match) => match[1]!) },
  ];
}

it("says of every table how it is spread, and of no other", () => {
  expect([...plan.keys()].sort()).toEqual(shapes.map(({ table }) => table).sort());
});

it.each(shapes.filter(({ table }) => plan.get(table) !== REFERENCE))(
  "spreads $table by a column of its key and of every unique index",
  ({ table, key, unique }) => {
    const by = plan.get(table)!;
    expect(key).toContain(by);
    for (const columns of unique) expect(columns.split(", ")).toContain(by);
  },
);

it.each(shapes.filter(({ references }) => references.length > 0))(
  "lets $table refer only to tables that are on every node",
  ({ references }) => {
    for (const other of references) expect(plan.get(other)).toBe(REFERENCE);
  },
);

it.each(shapes.filter(({ table }) => table !== "meta"))("begins the key of $table with the tenant", ({ key }) => {
  expect(key[0]).toBe(TENANT);
});

it("never spreads by organization: a large one would fill one node", () => {
  expect([...plan.values()]).not.toContain("organization_id");
});

it("has every migration of the folder in the list, in the order of their numbers", () => {
  const files = readdirSync(new URL("../../src/store/migrations", import.meta.url)).filter((name) =>
    /^\d{4}-/.test(name),
  );
  expect(migrations.map(({ name }) => `${name}.ts`)).toEqual(files.sort());
});

it("writes no SQL of one engine only into a migration", () => {
  const text = readFileSync(new URL("../../src/store/migrations/0001-base.ts", import.meta.url), "utf8");
  expect(text).not.toMatch(/\b(bigint|bytea|autoincrement|serial|jsonb|without rowid)\b/i);
});
