import { beforeEach, describe, expect, it } from "vitest";

import type { Scope } from "../domain/index.ts";
import { accountRow } from "../../test/support/account-row.ts";
import { onEveryEngine, tenantScope } from "../../test/support/stores.ts";
import {
  findAccount,
  findAccountByEmail,
  findAccountBySubject,
  hasAccounts,
  insertAccount,
  listMembers,
  membershipsOf,
  putMembership,
  removeMembership,
  updateAccount,
} from "./accounts.ts";
import { deleteApiToken, findApiToken, insertApiToken, listApiTokens, touchApiToken } from "./api-tokens.ts";
import { findLink, insertLink, takeLink, withdrawLinks } from "./one-time-links.ts";
import {
  deleteSession,
  deleteSessionsOf,
  findSession,
  insertSession,
  listSessionsOf,
  sweepSessions,
  touchSession,
} from "./sign-in-sessions.ts";
import type { Store } from "./types.ts";

const hash = (text: string) => Buffer.from(text.padEnd(32, "."));

onEveryEngine((engine) => {
  let store: Store;
  let acme: Scope;
  let globex: Scope;
  beforeEach(async () => {
    store = await (await engine.database()).open({ tables: [] });
    acme = await tenantScope(store, "acme");
    globex = await tenantScope(store, "globex");
  });

  describe("accounts", () => {
    it("are found as they were put, by each of their names", async () => {
      expect(await store.read((tx) => hasAccounts(tx))).toBe(false);
      const local = accountRow("a_1", { passwordHash: "$argon2id$", signedInMs: 5 });
      const sso = accountRow("a_2", { email: null, issuer: "https://i", subject: "s", contact: "a_1@example.com" });
      expect(await store.write((tx) => insertAccount(tx, local))).toBe(true);
      expect(await store.write((tx) => insertAccount(tx, sso))).toBe(true);
      await store.read(async (tx) => {
        expect(await hasAccounts(tx)).toBe(true);
        expect(await findAccount(tx, "a_1")).toEqual(local);
        expect(await findAccountByEmail(tx, " A_1@Example.com")).toEqual(local);
        expect(await findAccountBySubject(tx, "https://i", "s")).toEqual(sso);
        expect(await findAccountBySubject(tx, "https://j", "s")).toBe(null);
        expect(await findAccount(tx, "a_3")).toBe(null);
      });
      const changed = { ...local, name: "Ada", passwordHash: null, signedInMs: 9 };
      await store.write((tx) => updateAccount(tx, changed));
      expect(await store.read((tx) => findAccount(tx, "a_1"))).toEqual(changed);
    });

    it("are one for an e-mail, and one for an identity", async () => {
      await store.write((tx) => insertAccount(tx, accountRow("a_1", { issuer: "https://i", subject: "s" })));
      const sameEmail = accountRow("a_2", { email: "a_1@example.com" });
      const sameIdentity = accountRow("a_3", { issuer: "https://i", subject: "s" });
      expect(await store.write((tx) => insertAccount(tx, sameEmail))).toBe(false);
      expect(await store.write((tx) => insertAccount(tx, sameIdentity))).toBe(false);
    });

    it("belong to tenants, in each with rights of their own", async () => {
      const rights = { accountId: "a_1", people: false, personId: null, disabled: false } as const;
      await store.write(async (tx) => {
        await insertAccount(tx, accountRow("a_1"));
        await insertAccount(tx, accountRow("a_2"));
        await putMembership(tx, { ...rights, tenantId: globex.tenantId, role: "viewer" });
        await putMembership(tx, { ...rights, tenantId: acme.tenantId, role: "viewer" });
        const next = { ...rights, role: "admin", people: true, personId: "p_1", disabled: true } as const;
        await putMembership(tx, { ...next, tenantId: acme.tenantId });
      });
      const all = await store.read((tx) => membershipsOf(tx, "a_1"));
      expect(
        all.map(({ tenant, role, people, personId, disabled }) => [tenant.name, role, people, personId, disabled]),
      ).toEqual([
        ["acme", "admin", true, "p_1", true],
        ["globex", "viewer", false, null, false],
      ]);
      const members = await store.read((tx) => listMembers(tx, globex));
      expect(members).toEqual([{ ...rights, tenantId: globex.tenantId, role: "viewer", account: accountRow("a_1") }]);
      await store.write((tx) => removeMembership(tx, acme.tenantId, "a_1"));
      expect(await store.read((tx) => listMembers(tx, acme))).toEqual([]);
      expect(await store.read((tx) => membershipsOf(tx, "a_1"))).toHaveLength(1);
    });
  });

  describe("sessions", () => {
    const row = (sessionId: string, seenMs: number) => ({
      sessionId,
      accountId: "a_1",
      createdMs: 0,
      seenMs,
      idleMs: 100,
      endsMs: 1_000,
      agent: "Firefox",
    });

    it("are found by the hash of their token, touched, and swept when they have ended", async () => {
      await store.write((tx) => insertSession(tx, hash("one"), row("s_1", 0)));
      await store.write((tx) => insertSession(tx, hash("two"), row("s_2", 50)));
      await store.write((tx) => touchSession(tx, hash("one"), 90));
      await store.write((tx) => touchSession(tx, hash("one"), 80));
      expect(await store.read((tx) => findSession(tx, hash("one")))).toEqual(row("s_1", 90));
      expect((await store.read((tx) => listSessionsOf(tx, "a_1"))).map(({ sessionId }) => sessionId)).toEqual([
        "s_1",
        "s_2",
      ]);
      await store.write((tx) => sweepSessions(tx, 150));
      expect((await store.read((tx) => listSessionsOf(tx, "a_1"))).map(({ sessionId }) => sessionId)).toEqual(["s_1"]);
      await store.write((tx) => sweepSessions(tx, 1_000));
      expect(await store.read((tx) => findSession(tx, hash("one")))).toBe(null);
    });

    it("end one by one, or all but one, and only their account's", async () => {
      for (const id of ["s_1", "s_2", "s_3"]) await store.write((tx) => insertSession(tx, hash(id), row(id, 0)));
      expect(await store.write((tx) => deleteSession(tx, "a_2", "s_1"))).toBe(false);
      expect(await store.write((tx) => deleteSession(tx, "a_1", "s_1"))).toBe(true);
      expect(await store.write((tx) => deleteSessionsOf(tx, "a_1", "s_3"))).toBe(1);
      expect(await store.read((tx) => findSession(tx, hash("s_3")))).not.toBe(null);
      expect(await store.write((tx) => deleteSessionsOf(tx, "a_1"))).toBe(1);
    });
  });

  it("tokens are found with their tenant, and listed and removed in it alone", async () => {
    const token = {
      tokenId: "t_1",
      accountId: null,
      name: "grafana",
      secretHash: hash("secret"),
      scopes: ["read", "export"],
      createdMs: 1,
      expiresMs: 2 ** 40,
      usedMs: null,
    };
    await store.write((tx) => insertApiToken(tx, acme, token));
    await store.write((tx) => touchApiToken(tx, acme.tenantId, "t_1", 7));
    const kept = { ...token, usedMs: 7 };
    expect(await store.read((tx) => findApiToken(tx, "t_1"))).toEqual({
      ...kept,
      tenant: { tenantId: acme.tenantId, name: "acme", createdAt: 0 },
    });
    expect(await store.read((tx) => listApiTokens(tx, acme))).toEqual([kept]);
    expect(await store.read((tx) => listApiTokens(tx, globex))).toEqual([]);
    expect(await store.write((tx) => deleteApiToken(tx, globex, "t_1"))).toBe(false);
    expect(await store.write((tx) => deleteApiToken(tx, acme, "t_1"))).toBe(true);
    expect(await store.read((tx) => findApiToken(tx, "t_1"))).toBe(null);
  });

  describe("one-time links", () => {
    const link = { purpose: "sign-in", accountId: "a_1", createdMs: 0, expiresMs: 100, usedMs: null } as const;

    it("are taken once, in time", async () => {
      await store.write((tx) => insertLink(tx, hash("one"), link));
      await store.write((tx) => insertLink(tx, hash("two"), link));
      expect(await store.read((tx) => findLink(tx, hash("one")))).toEqual(link);
      expect(await store.write((tx) => takeLink(tx, hash("one"), 99))).toBe(true);
      expect(await store.write((tx) => takeLink(tx, hash("one"), 99))).toBe(false);
      expect(await store.write((tx) => takeLink(tx, hash("two"), 100))).toBe(false);
      expect(await store.read((tx) => findLink(tx, hash("one")))).toEqual({ ...link, usedMs: 99 });
    });

    it("are taken by one of two that come at once", async () => {
      await store.write((tx) => insertLink(tx, hash("one"), link));
      const both = await Promise.all([1, 2].map(() => store.write((tx) => takeLink(tx, hash("one"), 5))));
      expect(both.filter(Boolean)).toHaveLength(1);
    });

    it("are withdrawn by purpose or account while nobody used them", async () => {
      await store.write((tx) => insertLink(tx, hash("setup"), { ...link, purpose: "setup", accountId: null }));
      await store.write((tx) => insertLink(tx, hash("used"), { ...link, usedMs: 3 }));
      await store.write((tx) => insertLink(tx, hash("own"), link));
      await store.write((tx) => withdrawLinks(tx, { accountId: "a_1" }));
      const found = async () => {
        const names = [];
        for (const name of ["setup", "used", "own"]) {
          if ((await store.read((tx) => findLink(tx, hash(name)))) !== null) names.push(name);
        }
        return names;
      };
      expect(await found()).toEqual(["setup", "used"]);
      await store.write((tx) => withdrawLinks(tx, { purpose: "setup" }));
      expect(await found()).toEqual(["used"]);
    });
  });
});
