import { expect, it } from "vitest";

import { pages } from "./index.ts";

it("has one page for each address and for each letter after g", () => {
  const paths = pages.map(({ path }) => path);
  const keys = pages.flatMap(({ key }) => key ?? []);
  expect(paths.filter((path, at) => paths.indexOf(path) !== at)).toEqual([]);
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});
