import { describe, expect, it } from "vitest";

import { hashPassword, isPassword, requireGoodPassword } from "./password.ts";

const ABOUT = ["jane.doe@acme.com", "Jane Doe"];

describe("a password", () => {
  it.each(["violet anchor plum 7", "xkqzvbnmwert", "тихая гавань лампа", "a".repeat(11) + "bcqzrmlk", "9f!Kq2#vRz8@"])(
    "may be %s",
    async (password) => {
      await expect(requireGoodPassword(password, [...ABOUT, null])).resolves.toBeUndefined();
    },
  );

  it.each([
    ["too short", "elf letters"],
    ["too long", "long enough ".repeat(11)],
    ["a common word with digits", "Password1234!"],
    ["a common word in signs", "P@ssw0rd2026!!"],
    ["a common phrase", "correct horse battery staple"],
    ["a row of the keyboard", "qwertyuiop12"],
    ["a season and a year", "Summer2026!!!!"],
    ["an alphabet", "abcdefghijkl"],
    ["counting down", "987654321098"],
    ["one character", "aaaaaaaaaaaa"],
    ["a short word again and again", "catcatcatcat"],
    ["a date", "2026-11-21 14:05"],
    ["the person's own name", "jane.doe.2026!"],
    ["the person's own company", "acme-2026-2026"],
  ])("may not be %s", async (_, password) => {
    const refused = requireGoodPassword(password, ABOUT);
    await expect(refused).rejects.toMatchObject({ code: "input.invalid", facts: { field: "password" } });
    await expect(refused).rejects.not.toThrow(password);
  });

  it("is kept as argon2id of 19 MiB and two passes, each with a salt of its own", async () => {
    const [one, other] = [await hashPassword("violet anchor plum 7"), await hashPassword("violet anchor plum 7")];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
    expect(await isPassword(one, "violet anchor plum 7")).toBe(true);
    expect(await isPassword(one, "violet anchor plum 8")).toBe(false);
    expect(await isPassword(null, "violet anchor plum 7")).toBe(false);
  });

  it("is the same on a keyboard that composes its letters in another way", async () => {
    const kept = await hashPassword("caf\u00e9 harbour lamp");
    expect(await isPassword(kept, "cafe\u0301 harbour lamp")).toBe(true);
  });
});
