import { expect, it } from "vitest";

import { toCsv } from "./csv.ts";

it("writes exact values with their units, quotes what needs it, and defuses formulas", () => {
  const table = {
    columns: [{ label: "Name" }, { label: "Spend", unit: "usd" as const }],
    rows: [
      ['Smith, "Al"', "1.234567890123"],
      ["=HYPERLINK(1)", "-3.5"],
      ["-x", null],
    ],
  };
  expect(toCsv(table)).toBe('Name,Spend (usd)\r\n"Smith, ""Al""",1.234567890123\r\n\'=HYPERLINK(1),-3.5\r\n\'-x,\r\n');
});
