import { describe, expect, it } from "vitest";
import { parseBase64, parseBase64Hash, parseDecimal } from "./spelling.ts";

describe("spellings", () => {
  it("take one decimal for each number, up to 2^53-1", () => {
    for (const n of [0, 9, 10, Number.MAX_SAFE_INTEGER]) expect(parseDecimal(String(n))).toBe(n);
    for (const text of [
      "",
      "00",
      "01",
      "-1",
      "+1",
      " 1",
      "1 ",
      "1.0",
      "1e3",
      "9007199254740992",
      "99999999999999999",
    ]) {
      expect(() => parseDecimal(text)).toThrow(`${JSON.stringify(text)} is not a number`);
    }
    expect(() => parseDecimal("x".repeat(30))).toThrow(`"${"x".repeat(24)}" is not`);
  });

  it("take one base64 for each text of bytes", () => {
    expect([parseBase64(""), parseBase64("AA=="), parseBase64Hash(Buffer.alloc(32, 7).toString("base64"))]).toEqual([
      Buffer.alloc(0),
      Buffer.alloc(1),
      Buffer.alloc(32, 7),
    ]);
    for (const text of ["AA", "AB==", "AA==\n", "A A=", "_w==", "AA==AA=="]) {
      expect(() => parseBase64(text)).toThrow("canonical spelling");
    }
    for (const bytes of [31, 33]) {
      expect(() => parseBase64Hash(Buffer.alloc(bytes).toString("base64"))).toThrow(`a hash of ${bytes} bytes`);
    }
  });
});
