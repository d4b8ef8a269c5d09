import { describe, expect, it } from "vitest";

import { dayOfText, type Json } from "../domain/index.ts";
import { canonicalJson, sha256Hex, type Leaf } from "../ledger/index.ts";
import { streamNamed } from "../../test/support/small-record.ts";
import { dayMember, versionOf } from "./version-of.ts";

const DAY = dayOfText("2026-10-30")!;
const [cost, users] = [streamNamed("cost_report"), streamNamed("users")];
const KEY = ["org", "2026-10-30T00:00:00Z", "x"];
const leaf = (t: Leaf["t"]): Leaf => ({
  at: "2026-11-01T00:00:00.000Z",
  c: "00",
  id: "1".repeat(32),
  prev: null,
  s: "cost_report",
  t,
  v: 1,
  ver: 3,
});
const told = (payload: { readonly [name: string]: Json }, t: Leaf["t"] = "rec", before?: { dataSha256: string }) =>
  versionOf(cost, 7, leaf(t), canonicalJson(payload), before === undefined ? null : { conflicted: true, ...before });

describe("a version as its leaf tells it", () => {
  it.each<[string, Json, number | null]>([
    ["of its key", {}, DAY],
    ["that the payload says", { day: "2026-10-31" }, DAY + 1],
    ["none, as the payload says", { day: null }, null],
    ["none, where the payload says what is no day", { day: "tomorrow" }, null],
  ])("has the day %s", (_, more, day) => {
    const { organizationId, version } = told({ key: KEY, data: {}, ...(more as object) });
    expect([organizationId, version.day]).toEqual(["org", day]);
  });

  it("is conflicted when it holds a list", () => {
    const [one, list] = [told({ key: KEY, data: { a: 1 } }), told({ key: KEY, data: [{ a: 1 }, { a: 2 }] })];
    expect([one.version.conflicted, list.version.conflicted]).toEqual([false, true]);
    expect(one.version).toMatchObject({ leafIndex: 7, ver: 3, state: "rec", dataSha256: sha256Hex('{"a":1}') });
  });

  it("that is gone is still what it was, as far as that is known", () => {
    const known = told({ key: KEY }, "gone", { dataSha256: "ab" });
    expect(known.version).toMatchObject({ state: "gone", dataSha256: "ab", conflicted: true });
    expect(told({ key: KEY }, "gone").version).toMatchObject({ dataSha256: "", conflicted: false });
  });

  it.each([
    ["the leaf", {}, "2026-11-01"],
    ["the leaf that it was recorded again from", { rerecorded: { at: "2026-09-01T00:00:00Z" } }, "2026-09-01"],
    ["the leaf of the log before", { imported: { at: "2026-08-01T00:00:00Z" } }, "2026-08-01"],
  ])("is believed since %s", (_, more, day) => {
    const { version } = told({ key: KEY, data: {}, ...more });
    expect(new Date(version.atMs).toISOString().slice(0, 10)).toBe(day);
  });

  it("needs an organization", () => {
    expect(() => told({ key: [1], data: {} })).toThrow("leaf 7 has a key without an organization");
  });
});

it("a payload says its day only where the key does not", () => {
  expect(dayMember(cost, KEY, DAY)).toBe("");
  expect(dayMember(cost, KEY, DAY + 1)).toBe('"day":"2026-10-31",');
  expect(dayMember(cost, KEY, null)).toBe('"day":null,');
  expect(dayMember(users, ["org", "user_1"], null)).toBe("");
});
