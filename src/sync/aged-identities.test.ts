import { describe, expect, it } from "vitest";

import { AgedIdentities } from "./aged-identities.ts";

const KEY = Buffer.alloc(32, 7);
const ANN = { personId: "p_ann", emails: ["ann@x.io", "ann.b@x.io"] };
const identities = (key = KEY) => new AgedIdentities(key, [ANN]);
const folded = (text: string) => text.toLowerCase();

describe("identities that are too old", () => {
  it("keep one person one person: under any spelling and any of their addresses", () => {
    const found = ["ann@x.io", "Ann@X.io", "ANN@x.io", "ann.b@x.io"].map((email) => identities().of(email));
    expect(new Set(found.map(folded)).size).toBe(1);
    expect(new Set(found).size).toBe(4);
    expect(found[0]).toMatch(/^aged-[a-p]{24}@aged\.invalid$/);
    expect(folded(identities().of("bob@x.io"))).not.toBe(found[0]);
  });

  it("cannot be guessed at without the key", () => {
    expect(folded(identities(Buffer.alloc(32, 8)).of("ann@x.io"))).not.toBe(identities().of("ann@x.io"));
  });

  it("go wherever they stand, with the name beside them, and leave what names nobody", () => {
    const told = {
      actor: { user_id: "user_01AbCdEf", name: "Ann B", email_address: "ann@x.io" },
      n: [1, "svac_01AbCdEf"],
      limits: { "ann@x.io": 5 },
    };
    const swapped = identities().json(told);
    expect(JSON.stringify(swapped)).not.toMatch(/ann|Ann B|01AbCdEfG|x\.io/);
    expect(swapped.actor.user_id).toMatch(/^user_aged[0-9a-f]{16}$/);
    expect(swapped.actor.name).toMatch(/^Aged person [0-9a-p]{4}$/i);
    expect(swapped.n).toBe(told.n);
    expect(identities().mayName(JSON.stringify(told))).toBe(true);
    const nobody = { kind: "user_profile", model: "claude-opus-5-5", name: "x", at: "2026-11-01T00:00:00Z" };
    expect(identities().json(nobody)).toBe(nobody);
  });

  it("swap nothing twice", () => {
    const once = identities().json(["ann@x.io", "user_01AbCdEf", "erased-00@erased.invalid", "user_erased0011"]);
    const again = identities();
    expect(again.json(once)).toBe(once);
    expect(again.met).toBe(0);
  });
});
