import { expect, it } from "vitest";

import { tableText } from "./table.ts";

const columns = [{ title: "model" }, { title: "USD", align: "right" as const }];
const rows = [
  ["claude-opus-5-5", "13,467.09"],
  ["other", "1.00"],
];

it("lines up columns, numbers to the right", () => {
  expect(tableText(columns, rows, 80)).toBe(
    ["model                  USD", "claude-opus-5-5  13,467.09", "other                 1.00"].join("\n"),
  );
});

it.each([
  ["日本語", 6],
  ["한국", 4],
  ["ｶﾅ", 2],
  ["ＡＢ", 4],
  ["été", 3],
  ["👍🏽", 2],
  ["👨‍👩‍👧 team", 7],
  ["🇨🇭", 2],
])("leaves beside %s the room of what it takes on a screen, %i columns", (name, taken) => {
  const [, line = ""] = tableText(["ten columns", "n"], [[name, "1"]], 80).split("\n");
  expect(line).toBe(`${name}${" ".repeat("ten columns".length - taken)}  1`);
});

it("becomes one block a row where the screen is too narrow", () => {
  expect(tableText(columns, rows, 20)).toBe("model: claude-opus-5-5\nUSD: 13,467.09\n\nmodel: other\nUSD: 1.00");
});
