import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { principalOf, issueLink } from "../../access/index.ts";
import type { OperationContext } from "../../operations/index.ts";
import { setSetting } from "../../store/index.ts";
import { withAuth, type Browser, type TestAuth } from "../../../test/support/auth.ts";
import { bytesOfBase32, giveSecondFactor } from "../../../test/support/second-factor.ts";
import { auditEvents } from "../../../test/support/sessions.ts";

const PASSWORD = "violet anchor plum 7";
const ADA = { email: "ada@example.com", password: PASSWORD };
const STEP = 30_000;

/** What whoever has this browser may use, by the clock of the test. */
async function contextOf({ auth, context, clock }: TestAuth, { cookie }: Browser): Promise<OperationContext> {
  const request = new Request("http://127.0.0.1:7878/", { headers: { cookie } });
  const signed = await auth.authenticate(request, "192.0.2.1", { beforeSecondFactor: true });
  const { caller } = signed!.tenants[0];
  return { ...context, clock, caller, scope: { ...context.scope, principal: principalOf(caller) } };
}

/** Ada, with a second factor, whose code of now was used. */
async function withAda(
  use: (all: TestAuth & { ada: Browser } & Awaited<ReturnType<typeof giveSecondFactor>>) => Promise<void>,
): Promise<void> {
  await withAuth(async (test) => {
    const ada = test.browser();
    await ada.post("/auth/link", { token: await test.setupLink(), ...ADA, name: "Ada" });
    const given = await giveSecondFactor(await contextOf(test, ada), PASSWORD);
    test.clock.set(test.clock.now() + 2 * STEP);
    await use({ ...test, ada, ...given });
  });
}

describe("signing in with a second factor", () => {
  it("gives no session before a code, and one after it", () =>
    withAda(async ({ browser, clock, app, context }) => {
      const one = browser();
      expect((await one.post("/auth/sign-in", ADA)).body).toEqual({ signedIn: false, asks: ["code"] });
      expect(one.cookie).toMatch(/^bursar-code=[\w-]{43}$/);
      expect(await one.me()).toMatchObject({ account: null });
      expect((await one.post("/auth/sign-in/code", { code: app.wrongAt(clock.now()) })).code).toBe(
        "access.code_refused",
      );
      const shown = app.codeAt(clock.now()).replace(/^.../, "$& ");
      expect((await one.post("/auth/sign-in/code", { code: shown })).body).toEqual({ signedIn: true });
      expect(one.cookie).toMatch(/^bursar=[\w-]{43}$/);
      expect(await one.me()).toMatchObject({
        account: { name: "Ada", secondFactor: { isOn: true, isMissing: false, recoveryCodesLeft: 10 } },
      });
      expect(await auditEvents(context)).toEqual([
        "account.set_up",
        "second_factor.enrolled",
        "second_factor.confirmed",
        "second_factor.refused",
        "session.began",
      ]);
    }));

  it("takes each code once, also of two browsers at once, and none that is older", () =>
    withAda(async ({ browser, clock, app }) => {
      const both = [browser(), browser()];
      for (const one of both) await one.post("/auth/sign-in", ADA);
      const code = app.codeAt(clock.now());
      const answers = await Promise.all(both.map((one) => one.post("/auth/sign-in/code", { code })));
      expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 422]);
      const later = browser();
      await later.post("/auth/sign-in", ADA);
      const older = app.codeAt(clock.now() - STEP);
      expect((await later.post("/auth/sign-in/code", { code: older })).code).toBe("access.code_refused");
      const next = app.codeAt(clock.now() + STEP);
      expect((await later.post("/auth/sign-in/code", { code: next })).status).toBe(200);
    }));

  it("is finished in the browser that began it, within five minutes", () =>
    withAda(async ({ browser, clock, app }) => {
      const one = browser();
      await one.post("/auth/sign-in", ADA);
      const other = await browser().post("/auth/sign-in/code", { code: app.codeAt(clock.now()) });
      expect(other.code).toBe("access.sign_in_step_ended");
      clock.set(clock.now() + 5 * 60_000);
      const late = await one.post("/auth/sign-in/code", { code: app.codeAt(clock.now()) });
      expect(late.code).toBe("access.sign_in_step_ended");
    }));

  it("lets five wrong codes through, from wherever, and then one every five minutes", () =>
    withAda(async ({ browser, clock, app }) => {
      const attempt = async (code: string, at: number) => {
        const one = browser();
        await one.post("/auth/sign-in", ADA, `192.0.2.${at}`);
        return one.post("/auth/sign-in/code", { code }, `192.0.2.${at}`);
      };
      for (let at = 0; at < 5; at++) expect((await attempt(app.wrongAt(clock.now()), at)).status).toBe(422);
      expect(await attempt(app.codeAt(clock.now()), 5)).toMatchObject({
        status: 429,
        code: "access.too_many_attempts",
      });
      clock.set(clock.now() + 300_000);
      expect((await attempt(app.wrongAt(clock.now()), 6)).status).toBe(422);
      expect((await attempt(app.codeAt(clock.now()), 7)).status).toBe(429);
      clock.set(clock.now() + 300_000);
      expect((await attempt(app.codeAt(clock.now()), 8)).status).toBe(200);
    }));

  it("takes a recovery code in any spelling, once", () =>
    withAda(async ({ browser, recoveryCodes }) => {
      expect(new Set(recoveryCodes).size).toBe(10);
      const attempt = async (code: string) => {
        const one = browser();
        await one.post("/auth/sign-in", ADA);
        const { status } = await one.post("/auth/sign-in/code", { code });
        return { status, one };
      };
      const first = await attempt(recoveryCodes[0]!.toLowerCase().replaceAll("-", " "));
      expect(first.status).toBe(200);
      expect(await first.one.me()).toMatchObject({ account: { secondFactor: { recoveryCodesLeft: 9 } } });
      expect((await attempt(recoveryCodes[0]!)).status).toBe(422);
      expect((await attempt(recoveryCodes[1]!)).status).toBe(200);
    }));

  it("ends when the password is another one by then", () =>
    withAda(async ({ browser, clock, app, context }) => {
      const one = browser();
      await one.post("/auth/sign-in", ADA);
      const accounts = await context.store.read((tx) => tx.db.selectFrom("accounts").select("account_id").execute());
      const { account_id: accountId } = accounts[0] as { account_id: string };
      const random = context.random;
      const { token } = await context.store.write((tx) =>
        issueLink(tx, { clock, random }, { purpose: "sign-in", accountId }),
      );
      const password = "another plum anchors 8";
      const code = app.codeAt(clock.now());
      expect((await browser().post("/auth/link", { token, password, code })).status).toBe(200);
      clock.set(clock.now() + STEP);
      const late = await one.post("/auth/sign-in/code", { code: app.codeAt(clock.now()) });
      expect(late.code).toBe("access.sign_in_step_ended");
    }));
});

describe("a one-time link", () => {
  it("replaces the password, and not the second factor", () =>
    withAda(async (test) => {
      const { browser, clock, app, context, ada } = test;
      const { accountId } = (await contextOf(test, ada)).caller;
      const { token } = await context.store.write((tx) =>
        issueLink(tx, { clock, random: context.random }, { purpose: "sign-in", accountId: accountId! }),
      );
      const one = browser();
      expect((await one.post("/auth/link", { token })).body).toMatchObject({ signedIn: false, asks: ["code"] });
      const wrong = await one.post("/auth/link", { token, code: app.wrongAt(clock.now()) });
      expect(wrong.code).toBe("access.code_refused");
      expect(await one.me()).toMatchObject({ account: null });
      const right = await one.post("/auth/link", { token, code: app.codeAt(clock.now()) });
      expect(right.body).toMatchObject({ signedIn: true });
    }));
});

describe("what is kept", () => {
  it("holds neither the secret nor a recovery code, and no answer but the first has them", () =>
    withAda(async ({ context, ada, secret, recoveryCodes }) => {
      const { path } = context.dataFolder;
      const files = await readdir(path, { recursive: true, withFileTypes: true });
      const kept = files.filter((file) => file.isFile()).map((file) => readFileSync(join(file.parentPath, file.name)));
      const everything = Buffer.concat([...kept, Buffer.from(JSON.stringify(await ada.me()))]);
      expect(everything.includes("second-factor")).toBe(true);
      expect(everything.includes("second_factor.confirmed")).toBe(true);
      const raw = bytesOfBase32(secret);
      for (const one of [secret, raw, raw.toString("hex"), raw.toString("base64"), ...recoveryCodes])
        expect(everything.includes(one)).toBe(false);
    }));
});

describe("where a second factor is demanded", () => {
  const demand = ({ store, scope }: OperationContext, rule: string) =>
    store.write((tx) => setSetting(tx, scope, "tenant.secondFactor", JSON.stringify(rule)));

  it("a session without one is let in to set one up, and nowhere else", () =>
    withAuth(async (test) => {
      const { auth, browser, setupLink, context } = test;
      const ada = browser();
      await ada.post("/auth/link", { token: await setupLink(), ...ADA, name: "Ada" });
      const request = () => new Request("http://127.0.0.1:7878/", { headers: { cookie: ada.cookie } });
      const ask = () => auth.authenticate(request(), "192.0.2.1");
      expect(await ask()).not.toBe(null);
      for (const rule of ["admins", "everybody"]) {
        await demand(context, rule);
        await expect(ask()).rejects.toMatchObject({ code: "access.second_factor_needed", status: 403 });
        expect(await auth.holds(request())).toBe(null);
        expect(await ada.me()).toMatchObject({ account: { secondFactor: { isOn: false, isMissing: true } } });
      }
      await giveSecondFactor(await contextOf(test, ada), PASSWORD);
      expect(await ask()).not.toBe(null);
      expect(await ada.me()).toMatchObject({ account: { secondFactor: { isOn: true, isMissing: false } } });
      expect(await auth.holds(request())).not.toBe(null);
    }));
});
