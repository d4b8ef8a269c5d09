import { describe, expect, it } from "vitest";

import type { Hiding } from "../domain/index.ts";
import { hiddenLabel, isPseudonym, pseudonymOf } from "./pseudonym.ts";

const hiding = (fill: number): Hiding => ({ mode: "pseudonymous", key: Buffer.alloc(32, fill), minimumGroup: 5 });

describe("a pseudonym", () => {
  // Literal, as people keep exports of one day beside those of another.
  it("stays the same from version to version", () => {
    expect(pseudonymOf(hiding(1), "person", "ann@x.io")).toBe("p-27ltc4kic2tquwld");
  });

  it("differs with the installation's key, the kind of thing and the thing", () => {
    const all = [
      pseudonymOf(hiding(1), "person", "ann@x.io"),
      pseudonymOf(hiding(2), "person", "ann@x.io"),
      pseudonymOf(hiding(1), "actor", "ann@x.io"),
      pseudonymOf(hiding(1), "person", "bob@x.io"),
    ];
    expect(new Set(all.map((one) => one.slice(2))).size).toBe(4);
    for (const one of all) expect(isPseudonym(one)).toBe(true);
  });

  it("is had by people and by keys that nobody claimed, and by no service", () => {
    expect(hiddenLabel(hiding(1), { population: "humans", person: "ann@x.io" })).toMatch(/^p-/);
    expect(hiddenLabel(hiding(1), { population: "unmapped", label: "key: ann-laptop" })).toMatch(/^k-/);
    expect(hiddenLabel(hiding(1), { population: "service", service: "ci" })).toBe("service: ci");
  });

  it("is had by nobody where people are shown as teams", () => {
    const teams: Hiding = { mode: "teams", minimumGroup: 5 };
    expect(pseudonymOf(teams, "person", "ann@x.io")).toBe(pseudonymOf(teams, "person", "bob@x.io"));
  });

  it.each(["ann@x.io", "key: ci", "p-short", "P-ABCDEFGHIJKLMNOP"])("is not what %j looks like", (text) => {
    expect(isPseudonym(text)).toBe(false);
  });
});
