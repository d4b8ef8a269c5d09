import { expect, it } from "vitest";

import type { DataColumn } from "./table-cell.tsx";
import { inOrder, largestOf, matching, orderAfter } from "./table-order.ts";

interface Row {
  readonly name: string | null;
  readonly spend: string | null;
}

const name: DataColumn<Row> = { id: "name", title: "Name", value: ({ name }) => name };
const spend: DataColumn<Row> = { id: "spend", title: "Spend", unit: "usd", bar: true, value: ({ spend }) => spend };
const columns = [name, spend];
const rows: readonly Row[] = [
  { name: "Team 10", spend: "9.5" },
  { name: null, spend: null },
  { name: "team 9", spend: "10" },
  { name: "Ädile", spend: "9.5" },
];
const namesBy = (order: Parameters<typeof inOrder>[2]) => inOrder(rows, columns, order).map(({ name }) => name);

it("sorts words as people do, and figures by their value; equal rows stay as they were", () => {
  expect(namesBy({ id: "name", desc: false })).toEqual(["Ädile", "team 9", "Team 10", null]);
  expect(namesBy({ id: "spend", desc: false })).toEqual(["Team 10", "Ädile", "team 9", null]);
  expect(namesBy({ id: "spend", desc: true })).toEqual(["team 9", "Team 10", "Ädile", null]);
});

it("puts what has no value last, whichever way is sorted", () => {
  expect(namesBy({ id: "name", desc: true }).at(-1)).toBeNull();
});

it.each([null, { id: "nothing", desc: true }])("leaves the rows as they came without a column to sort by", (order) => {
  expect(inOrder(rows, columns, order)).toEqual(rows);
});

it("begins figures with the largest and words with the first, and turns round at the second click", () => {
  expect(orderAfter(spend, null)).toEqual({ id: "spend", desc: true });
  expect(orderAfter(name, { id: "spend", desc: true })).toEqual({ id: "name", desc: false });
  expect(orderAfter(name, { id: "name", desc: false })).toEqual({ id: "name", desc: true });
});

it("finds words in any case, and no figures", () => {
  expect(matching(rows, columns, " TEAM ").map(({ name }) => name)).toEqual(["Team 10", "team 9"]);
  expect(matching(rows, columns, "9.5")).toEqual([]);
  expect(matching(rows, columns, " ")).toBe(rows);
});

it("knows the largest of the columns that have bars", () => {
  expect(largestOf(rows, columns)).toEqual(new Map([["spend", 10]]));
});
