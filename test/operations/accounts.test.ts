import { describe, expect, it } from "vitest";

import { hashPassword, isPassword } from "../../src/access/index.ts";
import { isFailure, type FailureCode } from "../../src/domain/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { findAccount, readLeaves, updateAccount } from "../../src/store/index.ts";
import { withTwoTenants } from "../support/two-tenants.ts";

const failing = (...codes: FailureCode[]) => expect.toSatisfy((thrown: unknown) => isFailure(thrown, ...codes));

/** Events of our own audit trail, whole. */
async function trail({ store, scope }: OperationContext): Promise<Record<string, unknown>[]> {
  const leaves = await store.read((tx) => readLeaves(tx, scope, 0, 10_000));
  return leaves
    .map(({ payload }) => JSON.parse(payload ?? "{}") as Record<string, unknown>)
    .filter(({ event }) => event !== undefined);
}

describe("an invitation", () => {
  it("makes an account and a link, and leaves a trace that lets nobody in", () =>
    withTwoTenants(async ({ signIn, enter }) => {
      const admin = await enter(await signIn({ acme: { role: "admin" } }), "acme");
      const invite = await catalog.inviteAccount();
      const { account, link } = await runOperation(admin, invite, { email: "Bob@Example.com", role: "analyst" });
      expect(account).toMatchObject({ email: "bob@example.com", name: "bob", role: "analyst", signsInWith: [] });
      expect(link).toMatchObject({ purpose: "invitation", token: expect.stringMatching(/^[\w-]{43}$/) as string });
      const [event] = await trail(admin);
      expect(event).toMatchObject({ event: "account.invited", account: account.id, by: `account:${admin.caller.id}` });
      for (const secret of [link!.token, "bob@example.com"]) expect(JSON.stringify(event)).not.toContain(secret);
      const again = runOperation(admin, invite, { email: "bob@example.com" });
      await expect(again).rejects.toEqual(failing("store.name_taken"));
    }));

  it("into a second tenant is the operator's alone: nobody has proved whose address it is", () =>
    withTwoTenants(async ({ signIn, enter }) => {
      const taken = await signIn({ globex: { role: "admin" } });
      const admin = await enter(await signIn({ acme: { role: "admin" } }), "acme");
      const invited = runOperation(admin, await catalog.inviteAccount(), { email: taken.account!.email! });
      await expect(invited).rejects.toEqual(failing("input.invalid"));
    }));

  it("into a second tenant gives no link: it would open the first one too", () =>
    withTwoTenants(async ({ signIn, enter, operator }) => {
      const bob = await signIn({ globex: { role: "admin" } });
      const admin = await enter(await signIn({ acme: { role: "admin" } }), "acme");
      const email = bob.account!.email!;
      const done = await runOperation(operator("acme"), await catalog.inviteAccount(), { email, role: "viewer" });
      expect(done).toMatchObject({ account: { id: bob.account!.accountId, role: "viewer" }, link: null });
      const link = runOperation(admin, await catalog.issueSignInLink(), { account: email });
      await expect(link).rejects.toEqual(failing("access.above_own"));
    }));
});

describe("nobody is raised above whoever does it", () => {
  it("an admin who may not see individuals lets nobody see them, and comes into no account that does", () =>
    withTwoTenants(async ({ signIn, enter, operator }) => {
      const admin = await enter(await signIn({ acme: { role: "admin" } }), "acme");
      const seeing = await signIn({ acme: { role: "viewer", people: true } });
      const account = seeing.account!.accountId;
      const own = admin.caller.id;
      const attempts = [
        async () => runOperation(admin, await catalog.inviteAccount(), { email: "x@example.com", people: true }),
        async () => runOperation(admin, await catalog.changeAccount(), { account: own, people: true }),
        async () => runOperation(admin, await catalog.changeAccount(), { account, role: "admin" }),
        async () => runOperation(admin, await catalog.issueSignInLink(), { account }),
        async () => runOperation(admin, await catalog.changeSettings(), { settings: { "privacy.mode": "named" } }),
        async () => runOperation(admin, await catalog.changeSettings(), { settings: { "privacy.minimumGroup": 2 } }),
        async () => runOperation(admin, await catalog.changeAccount(), { account: own, personId: "p_somebody" }),
      ];
      for (const attempt of attempts)
        await expect(attempt()).rejects.toMatchObject({ code: "access.above_own", status: 403 });
      const order = { account: own, people: true };
      const done = await runOperation(operator("acme"), await catalog.changeAccount(), order);
      expect(done).toMatchObject({ changed: ["people"], sessionsEnded: 1 });
    }));

  it("a token that may manage accounts makes no admin and no way in", () =>
    withTwoTenants(async ({ signIn, enter, signedByToken }) => {
      const admin = await enter(await signIn({ acme: { role: "admin" } }), "acme");
      const order = { name: "x", scopes: ["accounts" as const] };
      const { token } = await runOperation(admin, await catalog.createToken(), order);
      const byToken = await enter((await signedByToken(token))!, "acme");
      const invite = runOperation(byToken, await catalog.inviteAccount(), { email: "x@example.com", role: "admin" });
      await expect(invite).rejects.toEqual(failing("access.above_own"));
      const link = runOperation(byToken, await catalog.issueSignInLink(), { account: admin.caller.id });
      await expect(link).rejects.toEqual(failing("access.not_by_token"));
    }));
});

describe("the last admin", () => {
  it("can neither be made less nor disabled, also not by two at once", () =>
    withTwoTenants(async ({ signIn, enter }) => {
      const one = await enter(await signIn({ acme: { role: "admin" } }), "acme");
      const change = await catalog.changeAccount();
      for (const order of [{ role: "viewer" as const }, { disabled: true }]) {
        const attempt = runOperation(one, change, { account: one.caller.id, ...order });
        await expect(attempt).rejects.toEqual(failing("access.last_admin"));
      }
      const other = await enter(await signIn({ acme: { role: "admin" } }), "acme");
      const both = await Promise.allSettled([
        runOperation(one, change, { account: other.caller.id, role: "viewer" }),
        runOperation(other, change, { account: one.caller.id, role: "viewer" }),
      ]);
      expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    }));
});

describe("sessions", () => {
  it("end when the account is disabled or may something else", () =>
    withTwoTenants(async ({ signIn, enter, signedAgain, operator }) => {
      const change = await catalog.changeAccount();
      for (const order of [{ disabled: true }, { role: "viewer" as const }, { people: true }]) {
        const signed = await signIn({ acme: { role: "analyst" } });
        await enter(signed, "acme");
        const account = signed.account!.accountId;
        expect(await signedAgain(signed)).not.toBe(null);
        expect((await runOperation(operator("acme"), change, { account, ...order })).sessionsEnded).toBe(1);
        expect(await signedAgain(signed)).toBe(null);
      }
    }));

  it("are listed and ended by their owner, and by who manages accounts", () =>
    withTwoTenants(async ({ signIn, enter, signedAgain }) => {
      const signed = await signIn({ acme: { role: "viewer" } });
      const viewer = await enter(signed, "acme");
      const list = await catalog.listSessions();
      const { sessions } = await runOperation(viewer, list, {});
      expect(sessions).toEqual([expect.objectContaining({ agent: "a test", isCurrent: true })]);

      const admin = await enter(await signIn({ acme: { role: "admin" } }), "acme");
      const others = runOperation(viewer, list, { account: admin.caller.id });
      await expect(others).rejects.toEqual(failing("access.forbidden"));
      const account = viewer.caller.id;
      expect((await runOperation(admin, list, { account })).sessions).toHaveLength(1);
      const order = { account, session: sessions[0]!.id };
      expect(await runOperation(admin, await catalog.endSession(), order)).toEqual({ account, ended: 1 });
      expect(await signedAgain(signed)).toBe(null);
    }));
});

describe("a password", () => {
  it("is changed by who knows the old one, and ends all other sessions", () =>
    withTwoTenants(async ({ signIn, enter, signedAgain }) => {
      const signed = await signIn({ acme: { role: "viewer" } });
      const viewer = await enter(signed, "acme");
      const { store, caller } = viewer;
      const kept = async () => (await store.read((tx) => findAccount(tx, caller.id)))!;
      const passwordHash = await hashPassword("violet anchor plum 7");
      const row = { ...(await kept()), passwordHash };
      await store.write((tx) => updateAccount(tx, row));

      const change = await catalog.changePassword();
      const next = "quiet harbour lamp 12";
      const wrong = runOperation(viewer, change, { current: "not this one", next });
      await expect(wrong).rejects.toMatchObject({ code: "input.invalid", facts: { field: "current" } });
      const weak = runOperation(viewer, change, { current: "violet anchor plum 7", next: "Password2026!!" });
      await expect(weak).rejects.toMatchObject({ code: "input.invalid", facts: { field: "password" } });
      await runOperation(viewer, change, { current: "violet anchor plum 7", next });
      expect(await isPassword((await kept()).passwordHash, next)).toBe(true);
      expect(await signedAgain(signed)).not.toBe(null);
      expect(JSON.stringify(await trail(viewer))).not.toContain("harbour");
    }));
});

describe("tokens", () => {
  it("are seen and revoked by their owner, and by who manages accounts", () =>
    withTwoTenants(async ({ signIn, enter, signedByToken }) => {
      const viewer = await enter(await signIn({ acme: { role: "viewer" } }), "acme");
      const other = await enter(await signIn({ acme: { role: "viewer" } }), "acme");
      const admin = await enter(await signIn({ acme: { role: "admin" } }), "acme");
      const made = await runOperation(viewer, await catalog.createToken(), {
        name: "grafana",
        scopes: ["read"],
        days: 1,
      });
      const list = await catalog.listTokens();
      const revoke = await catalog.revokeToken();
      expect((await runOperation(viewer, list, {})).tokens).toMatchObject([
        { id: made.id, scopes: ["read"], usedAt: null },
      ]);
      expect((await runOperation(other, list, {})).tokens).toEqual([]);
      expect((await runOperation(admin, list, {})).tokens).toHaveLength(1);
      await expect(runOperation(other, revoke, { id: made.id })).rejects.toEqual(failing("access.unknown"));
      expect(await signedByToken(made.token)).not.toBe(null);
      await runOperation(admin, revoke, { id: made.id });
      expect(await signedByToken(made.token)).toBe(null);
      const secret = made.token.split("_")[2]!;
      expect(JSON.stringify(await trail(admin))).not.toContain(secret);
    }));
});

describe("settings", () => {
  it("have their defaults until somebody changes one, which leaves a trace without secrets", () =>
    withTwoTenants(async ({ operator, signIn, enter }) => {
      const admin = await enter(await signIn({ acme: { role: "admin" } }), "acme");
      const get = await catalog.getSettings();
      const change = await catalog.changeSettings();
      const before = (await runOperation(admin, get, {})).settings;
      expect(before).toMatchObject({ "privacy.mode": "teams", "privacy.minimumGroup": 5, seatPriceUsd: null });
      const url = "https://hooks.example.com/a-secret-of-ours";
      const order = { settings: { seatPriceUsd: "30.50", alertWebhookUrl: url, idleDays: 30 as const } };
      const { changed } = await runOperation(admin, change, order);
      expect(changed.map(({ name }) => name)).toEqual(["seatPriceUsd", "alertWebhookUrl"]);
      expect((await runOperation(admin, get, {})).settings).toEqual({
        ...before,
        seatPriceUsd: "30.50",
        alertWebhookUrl: url,
      });
      expect((await runOperation(operator("globex"), get, {})).settings).toEqual(before);
      const [event] = await trail(admin);
      expect(event).toMatchObject({ event: "settings.changed" });
      expect(JSON.stringify(event)).toContain("30.50");
      expect(JSON.stringify(event)).not.toContain("a-secret-of-ours");
    }));

  it("are refused by name when they are unknown or of another kind", () =>
    withTwoTenants(async ({ operator }) => {
      const change = await catalog.changeSettings();
      for (const settings of [{ colour: "red" }, { idleDays: 31 }, { seatPriceUsd: "cheap" }, {}]) {
        const attempt = runOperation(operator("acme"), change, { settings } as never);
        await expect(attempt).rejects.toMatchObject({ code: "input.invalid" });
      }
    }));

  it("decide how people appear to who may not see individuals", () =>
    withTwoTenants(async ({ operator, signIn, enter }) => {
      const signed = await signIn({ acme: { role: "viewer" } });
      const modeOf = async () => (await enter(signed, "acme")).scope.privacy.mode;
      expect(await modeOf()).toBe("teams");
      for (const mode of ["pseudonymous", "named"] as const) {
        await runOperation(operator("acme"), await catalog.changeSettings(), { settings: { "privacy.mode": mode } });
        expect(await modeOf()).toBe(mode);
      }
      const seeing = await signIn({ globex: { role: "viewer", people: true } });
      expect((await enter(seeing, "globex")).scope.privacy.mode).toBe("named");
    }));
});
