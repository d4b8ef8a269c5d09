import { describe, expect, it } from "vitest";

import { shown } from "./shown.ts";

describe("text from outside", () => {
  it.each([
    ["an escape sequence", "a\u001b[31mb", "a\\u001b[31mb"],
    ["a line end", "a\nb", "a\\u000ab"],
    ["a change of direction", "a\u202eb", "a\\u202eb"],
    ["invisible letters of a tag", "a\u{e0041}b", "a\\ue0041b"],
    ["half of a pair", "a\ud800b", "a\ufffdb"],
    ["letters of any script", "Ångström 日本", "Ångström 日本"],
  ])("shows %s safely", (_, text, wanted) => {
    expect(shown(text)).toBe(wanted);
  });

  it("is cut where it is long, and never within a character", () => {
    expect(shown("x".repeat(1_000_000))).toHaveLength(200);
    expect(shown("😀".repeat(10), 4).isWellFormed()).toBe(true);
  });
});
