import { describe, expect, it } from "vitest";

import { base32, looksLikeTotp, otpauthUri, stepOfCode, totpCode, totpStep } from "./totp.ts";

/** Of RFC 6238, appendix B. */
const SECRET = Buffer.from("12345678901234567890");

describe("a code", () => {
  it.each([
    [59, "94287082"],
    [1_111_111_109, "07081804"],
    [1_111_111_111, "14050471"],
    [1_234_567_890, "89005924"],
    [2_000_000_000, "69279037"],
    [20_000_000_000, "65353130"],
  ])("of second %d is as in RFC 6238", (second, code) => {
    expect(totpCode(SECRET, totpStep(second * 1_000), 8)).toBe(code);
    expect(totpCode(SECRET, totpStep(second * 1_000))).toBe(code.slice(2));
  });

  it("holds for its step and the ones beside it, unless that step or a later one was used", () => {
    const at = 1_700_000_010_000;
    const step = totpStep(at);
    for (const off of [-1, 0, 1]) {
      const code = totpCode(SECRET, step + off);
      expect(stepOfCode(SECRET, code, at, 0)).toBe(step + off);
      expect(stepOfCode(SECRET, code, at, step + off)).toBe(null);
      expect(stepOfCode(SECRET, code, at, step + off + 1)).toBe(null);
    }
    for (const off of [-2, 2]) expect(stepOfCode(SECRET, totpCode(SECRET, step + off), at, 0)).toBe(null);
    const foreign = totpCode(Buffer.from("another secret of 20"), step);
    expect(stepOfCode(SECRET, foreign, at, 0)).toBe(null);
  });

  it.each([
    ["123456", true],
    ["123 456", true],
    ["12345", false],
    ["ABCD-EFGH", false],
    ["１２３４５６", false],
  ])("is told from what is none: %j", (typed, is) => {
    expect(looksLikeTotp(typed)).toBe(is);
  });
});

describe("the secret", () => {
  it.each([
    ["", ""],
    ["f", "MY"],
    ["fo", "MZXQ"],
    ["foo", "MZXW6"],
    ["foob", "MZXW6YQ"],
    ["fooba", "MZXW6YTB"],
    ["foobar", "MZXW6YTBOI"],
  ])("is written as in RFC 4648: %j", (text, written) => {
    expect(base32(Buffer.from(text))).toBe(written);
  });

  it("goes to an app with all that it has to know", () => {
    expect(otpauthUri(SECRET, "ada+x@example.com")).toBe(
      "otpauth://totp/Bursar:ada%2Bx%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Bursar&algorithm=SHA1&digits=6&period=30",
    );
  });
});
