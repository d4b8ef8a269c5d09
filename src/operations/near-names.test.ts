import { expect, it } from "vitest";

import { nearNames } from "./near-names.ts";

const names = ["key:ci-geo-etl", "key:ci-geo", "key:ada-laptop", "apikey_01AbcDefGhi"];

it.each([
  ["key:ci_geo_etl", ["key:ci-geo-etl", "key:ci-geo"]],
  ["key:ada-laptpo", ["key:ada-laptop"]],
  ["key:nobody", []],
  ["key:", []],
])("suggests for %s what it looks like, nearest first", (given, near) => {
  expect(nearNames(given, names)).toEqual(near);
});
