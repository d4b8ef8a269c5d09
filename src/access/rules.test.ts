import { randomBytes } from "node:crypto";

import { describe, expect, it } from "vitest";

import type { MembershipRow } from "../store/index.ts";
import { virtualClock } from "../../test/support/clock.ts";
import { callerOfToken, permissionsOf, principalOf } from "./caller.ts";
import { leavesAnAdmin, mayGrant } from "./grants.ts";
import { operatorCaller, type Caller, type Permission } from "./permission.ts";
import { KnownPlaces } from "./known-places.ts";
import { linkAddress } from "./links.ts";
import { RateLimit } from "./rate-limit.ts";
import { isSameHash, newApiToken, readApiToken } from "./secrets.ts";
import { agentOf, isDueToTouch, isLive } from "./session.ts";

const random = { bytes: (count: number) => randomBytes(count), fraction: () => 0.5 };
const HOUR = 3_600_000;

const callerWith = (...permissions: Permission[]): Caller => ({
  ...operatorCaller("test"),
  permissions: new Set(permissions),
});

const member = (accountId: string, changed: Partial<MembershipRow> = {}): MembershipRow => ({
  tenantId: 1,
  accountId,
  role: "admin",
  people: false,
  personId: null,
  disabled: false,
  ...changed,
});

describe("an API token", () => {
  it("says who it is and is known by its hash alone", () => {
    const { tokenId, text, secretHash } = newApiToken(random);
    expect(text).toMatch(/^bursar_[0-9a-f]{12}_[0-9a-f]{64}_[0-9a-f]{8}$/);
    const read = readApiToken(text)!;
    expect(read.tokenId).toBe(tokenId);
    expect(isSameHash(read.secretHash, secretHash)).toBe(true);
    expect(isSameHash(readApiToken(newApiToken(random).text)!.secretHash, secretHash)).toBe(false);
  });

  it("with one character changed is none, before any database is asked", () => {
    const { text } = newApiToken(random);
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === "0" ? "1" : "0";
      expect(readApiToken(`${text.slice(0, at)}${other}${text.slice(at + 1)}`)).toBe(null);
    }
    for (const wrong of ["", "bursar_", `${text} `, text.toUpperCase()]) expect(readApiToken(wrong)).toBe(null);
  });

  it("never may more than its account, nor what only the machine's operator may", () => {
    const scopes = ["read", "people", "accounts", "operate"];
    const token = { tokenId: "t_1", accountId: "a_1", name: "x", secretHash: Buffer.alloc(32), scopes };
    const row = { ...token, createdMs: 0, expiresMs: 1, usedMs: null };
    expect([...callerOfToken(row, member("a_1", { role: "viewer" })).permissions]).toEqual(["read"]);
    expect([...callerOfToken(row, member("a_1", { people: true })).permissions].sort()).toEqual([
      "accounts",
      "people",
      "read",
    ]);
    expect(callerOfToken({ ...row, accountId: null }, null).permissions.has("operate")).toBe(false);
    expect(principalOf(callerOfToken(row, member("a_1")))).toBe("token:t_1");
  });
});

describe("granting", () => {
  it("needs everything that is granted", () => {
    const admin = callerWith(...permissionsOf("admin", false));
    for (const role of ["viewer", "analyst", "admin", "auditor"] as const) {
      expect(mayGrant(admin, role, false)).toBe(true);
      expect(mayGrant(admin, role, true)).toBe(false);
    }
    expect(mayGrant(callerWith("accounts"), "viewer", false)).toBe(false);
    expect(mayGrant(callerWith("accounts", "read"), "viewer", false)).toBe(true);
    expect(mayGrant(callerWith("accounts", "read"), "analyst", false)).toBe(false);
  });

  it("leaves an admin who can come in", () => {
    const members = [member("a"), member("b", { disabled: true }), member("c", { role: "viewer" })];
    expect(leavesAnAdmin(members, member("a", { disabled: true }))).toBe(false);
    expect(leavesAnAdmin(members, member("a", { role: "auditor" }))).toBe(false);
    expect(leavesAnAdmin(members, member("a", { people: true }))).toBe(true);
    expect(leavesAnAdmin(members, member("c", { disabled: true }))).toBe(true);
    expect(leavesAnAdmin([...members, member("d")], member("a", { disabled: true }))).toBe(true);
  });
});

describe("a session", () => {
  it("lives until it lies unused too long or its time is up", () => {
    const session = { seenMs: 0, idleMs: 12 * HOUR, endsMs: 13 * HOUR };
    expect(isLive(session, 12 * HOUR - 1)).toBe(true);
    expect(isLive(session, 12 * HOUR)).toBe(false);
    expect(isLive({ ...session, seenMs: 12 * HOUR }, 13 * HOUR - 1)).toBe(true);
    expect(isLive({ ...session, seenMs: 12 * HOUR }, 13 * HOUR)).toBe(false);
  });

  it("is written down as seen at most every minute", () => {
    expect(isDueToTouch(null, 0)).toBe(true);
    expect(isDueToTouch(0, 59_999)).toBe(false);
    expect(isDueToTouch(0, 60_000)).toBe(true);
  });

  it.each([
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36 Edg/149.0",
      "Edge on Windows",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
      "Safari on iOS",
    ],
    ["<script>alert(1)</script>", "another browser"],
    [undefined, "another browser"],
  ])("names a browser in a few words: %s", (userAgent, agent) => {
    expect(agentOf(userAgent)).toBe(agent);
  });
});

describe("a rate limit", () => {
  it("lets a burst through, then one at a time, for each key by itself", () => {
    const clock = virtualClock(1_000);
    const limit = new RateLimit(clock, { burst: 3, everyMs: 100 });
    expect([1, 2, 3].map(() => limit.take("a"))).toEqual([0, 0, 0]);
    expect(limit.take("a")).toBe(100);
    expect(limit.take("b")).toBe(0);
    clock.set(1_060);
    expect(limit.take("a")).toBe(40);
    clock.set(1_100);
    expect(limit.take("a")).toBe(0);
    expect(limit.take("a")).toBe(100);
    limit.reset("a");
    expect(limit.take("a")).toBe(0);
  });

  it("is full again after a rest, and no fuller", () => {
    const clock = virtualClock(0);
    const limit = new RateLimit(clock, { burst: 2, everyMs: 100 });
    limit.take("a");
    limit.take("a");
    clock.set(1_000_000);
    expect([1, 2, 3].map(() => limit.take("a"))).toEqual([0, 0, 100]);
  });

  it("does not grow with the keys that somebody invents", () => {
    const limit = new RateLimit(virtualClock(0), { burst: 1, everyMs: 1_000 });
    for (let at = 0; at < 10_500; at++) limit.take(`key ${at}`);
    expect(limit.take("key 10499")).toBeGreaterThan(0);
    expect(limit.take("key 0")).toBe(0);
  });

  it("forgets first whoever has all their tries again", () => {
    const clock = virtualClock(0);
    const limit = new RateLimit(clock, { burst: 1, everyMs: 1_000 });
    for (let at = 0; at < 9_999; at++) limit.take(`key ${at}`);
    clock.set(999);
    limit.take("late");
    clock.set(1_000);
    limit.take("one too many");
    expect([limit.waitFor("late"), limit.waitFor("one too many")]).toEqual([999, 1_000]);
  });
});

it("known places are forgotten in the order in which they were used last", () => {
  const places = new KnownPlaces();
  for (let at = 0; at < 10_000; at++) places.add(`a_${at}`, "192.0.2.1");
  places.add("a_0", "192.0.2.1");
  places.add("a_0", "192.0.2.2");
  const known = ["a_0", "a_1", "a_2"].map((account) => places.has(account, "192.0.2.1"));
  expect(known).toEqual([true, false, true]);
});

it("a link's token stands behind the # of its address", () => {
  expect(linkAddress("https://bursar.example", "abc")).toBe("https://bursar.example/sign-in#link=abc");
});
