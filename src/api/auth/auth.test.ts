import { Hono } from "hono";
import { describe, expect, it } from "vitest";

import type { Failure } from "../../domain/index.ts";
import { catalog, runOperation } from "../../operations/index.ts";
import { findApiToken, readLeaves } from "../../store/index.ts";
import { withAuth } from "../../../test/support/auth.ts";
import { auditEvents } from "../../../test/support/sessions.ts";

const PASSWORD = "violet anchor plum 7";
const HOUR = 3_600_000;

const FIRST = { email: "Ada@Example.com", name: "Ada", password: PASSWORD };

describe("the setup link", () => {
  it("asks for what it needs, makes the first admin, and works once", () =>
    withAuth(async ({ browser, setupLink, auth, context }) => {
      expect(await auth.needsSetup()).toBe(true);
      const token = await setupLink();
      const one = browser();
      expect(await one.me()).toMatchObject({ account: null, setupNeeded: true });
      const asked = await one.post("/auth/link", { token });
      expect(asked.body).toMatchObject({ signedIn: false, purpose: "setup", asks: ["email", "name", "password"] });
      expect((await one.post("/auth/link", { token, ...FIRST })).body).toEqual({ signedIn: true, purpose: "setup" });
      expect(await auth.needsSetup()).toBe(false);
      expect(await one.me()).toMatchObject({
        account: { email: "ada@example.com", role: "admin" },
        tenants: [{ name: "default" }],
        setupNeeded: false,
      });
      expect((await browser().post("/auth/link", { token, ...FIRST })).code).toBe("access.link_used");
      expect(await auditEvents(context)).toEqual(["account.set_up"]);
    }));

  it("lets one of two browsers in that use it at once", () =>
    withAuth(async ({ browser, setupLink }) => {
      const token = await setupLink();
      const both = await Promise.all([
        browser().post("/auth/link", { token, ...FIRST }),
        browser().post("/auth/link", { token, ...FIRST, email: "eve@example.com" }),
      ]);
      expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 410]);
    }));

  it("expires after an hour, and a newer one ends it", () =>
    withAuth(async ({ browser, setupLink, clock }) => {
      const first = await setupLink();
      const second = await setupLink();
      expect((await browser().post("/auth/link", { token: first })).code).toBe("access.link_used");
      expect((await browser().post("/auth/link", { token: second })).status).toBe(200);
      clock.set(clock.now() + HOUR);
      expect((await browser().post("/auth/link", { token: second, ...FIRST })).code).toBe("access.link_used");
    }));

  it("is not used up by a password that is refused", () =>
    withAuth(async ({ browser, setupLink }) => {
      const token = await setupLink();
      const refused = await browser().post("/auth/link", { token, ...FIRST, password: "Password2026!" });
      expect(refused).toMatchObject({ status: 422, code: "input.invalid" });
      expect(JSON.stringify(refused.body)).not.toContain("Password2026!");
      expect((await browser().post("/auth/link", { token, ...FIRST })).status).toBe(200);
    }));
});

describe("signing in", () => {
  it("gives a new session each time, and signing out ends it on the server", () =>
    withAuth(async ({ browser, setupLink, context }) => {
      const one = browser();
      await one.post("/auth/link", { token: await setupLink(), ...FIRST });
      const before = one.cookie;
      expect((await one.post("/auth/sign-in", { email: " ADA@example.com ", password: PASSWORD })).status).toBe(200);
      expect(one.cookie).not.toBe(before);
      const stolen = browser();
      stolen.cookie = before;
      expect(await stolen.me()).toMatchObject({ account: null });
      stolen.cookie = one.cookie;
      expect(await stolen.me()).toMatchObject({ account: { name: "Ada" } });
      await one.post("/auth/sign-out", {});
      expect(one.cookie).toBe("");
      expect(await stolen.me()).toMatchObject({ account: null });
      expect(await auditEvents(context)).toEqual(["account.set_up", "session.began", "session.ended"]);
    }));

  it("says the same of an unknown account and of a wrong password", () =>
    withAuth(async ({ browser, setupLink }) => {
      await browser().post("/auth/link", { token: await setupLink(), ...FIRST });
      const wrong = await browser().post("/auth/sign-in", { email: "ada@example.com", password: "not this one" });
      const unknown = await browser().post("/auth/sign-in", { email: "eve@example.com", password: "not this one" });
      expect(wrong).toMatchObject({ status: 401, code: "access.sign_in_failed" });
      expect(unknown).toEqual(wrong);
    }));

  it("is slowed down by account, whatever the address", () =>
    withAuth(async ({ browser, setupLink, clock }) => {
      await browser().post("/auth/link", { token: await setupLink(), ...FIRST });
      const attempt = (at: number, password: string) =>
        browser().post("/auth/sign-in", { email: "ada@example.com", password }, `192.0.2.${at}`);
      for (let at = 0; at < 10; at++) expect((await attempt(at, "wrong")).status).toBe(401);
      expect(await attempt(50, PASSWORD)).toMatchObject({ status: 429, code: "access.too_many_attempts" });
      clock.set(clock.now() + 60_000);
      expect((await attempt(51, PASSWORD)).status).toBe(200);
    }));

  it("goes on for the owner, from where they were before, while strangers guess at the account", () =>
    withAuth(async ({ browser, setupLink, clock }) => {
      await browser().post("/auth/link", { token: await setupLink(), ...FIRST });
      const attempt = (address: string, password: string, email = "ada@example.com") =>
        browser().post("/auth/sign-in", { email, password }, address);
      const HOME = "198.51.100.7";
      expect((await attempt(HOME, PASSWORD)).status).toBe(200);
      for (let at = 0; at < 10; at++) expect((await attempt(`192.0.2.${at}`, "wrong")).status).toBe(401);
      expect((await attempt("192.0.2.77", PASSWORD)).status).toBe(429);
      expect((await attempt(HOME, PASSWORD)).status).toBe(200);
      // It lets nobody else in sooner, opens no other account, and does not make guessing at home any cheaper.
      expect((await attempt("192.0.2.78", PASSWORD)).status).toBe(429);
      clock.set(clock.now() + 300_000);
      for (let at = 0; at < 10; at++) expect((await attempt(HOME, "wrong")).status).toBe(401);
      expect((await attempt(HOME, PASSWORD)).status).toBe(429);
    }));

  it("is slowed down by address, whatever the account", () =>
    withAuth(async ({ browser, clock }) => {
      const attempt = (at: number, address: string) =>
        browser().post("/auth/sign-in", { email: `p${at}@example.com`, password: "wrong" }, address);
      for (let at = 0; at < 30; at++) expect((await attempt(at, "192.0.2.9")).status).toBe(401);
      expect((await attempt(31, "192.0.2.9")).status).toBe(429);
      clock.set(clock.now() + 1_000);
      expect((await attempt(32, "192.0.2.10")).status).toBe(401);
    }));
});

describe("a session", () => {
  it("ends after 12 hours without use, and after seven days with it", () =>
    withAuth(async ({ browser, setupLink, clock }) => {
      const one = browser();
      await one.post("/auth/link", { token: await setupLink(), ...FIRST });
      const began = clock.now();
      const idle = browser();
      await idle.post("/auth/sign-in", { email: FIRST.email, password: PASSWORD });
      clock.set(began + 12 * HOUR - 1);
      expect(await one.me()).toMatchObject({ account: { name: "Ada" } });
      clock.set(began + 12 * HOUR);
      expect(await idle.me()).toMatchObject({ account: null });
      for (let hour = 12; hour < 7 * 24; hour += 10) {
        clock.set(began + hour * HOUR);
        expect(await one.me()).toMatchObject({ account: { name: "Ada" } });
      }
      clock.set(began + 7 * 24 * HOUR);
      expect(await one.me()).toMatchObject({ account: null });
    }));
});

describe("the cookie", () => {
  it.each([
    ["https://bursar.example", /^__Host-bursar=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure$/],
    ["http://127.0.0.1:7878", /^bursar=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/],
    ["http://[::1]:7878", /^bursar=/],
    ["http://bursar.example", /^__Host-bursar=.*; Secure$/],
  ])("of %s", (origin, looks) =>
    withAuth(
      async ({ browser, setupLink }) => {
        const { setCookie } = await browser().post("/auth/link", { token: await setupLink(), ...FIRST });
        expect(setCookie).toEqual([expect.stringMatching(looks)]);
      },
      { origin },
    ),
  );

  it("is the only thing that holds the token: the database and the ledger do not", () =>
    withAuth(async ({ browser, setupLink, context }) => {
      const one = browser();
      const token = await setupLink();
      await one.post("/auth/link", { token, ...FIRST });
      const { store, scope } = context;
      const secret = one.cookie.split("=")[1]!;
      const rows = await store.read(async (tx) => [
        ...(await tx.db.selectFrom("sign_in_sessions").selectAll().execute()),
        ...(await tx.db.selectFrom("one_time_links").selectAll().execute()),
        ...(await tx.db.selectFrom("accounts").selectAll().execute()),
        ...(await readLeaves(tx, scope, 0, 1_000)),
      ]);
      const everything = rows.flatMap((row) => Object.values(row).map(String)).join("\n");
      expect(everything).toContain("argon2id");
      for (const one of [secret, token, PASSWORD]) expect(everything).not.toContain(one);
    }));
});

it("takes JSON only, so that a form of another site orders nothing", () =>
  withAuth(async ({ auth }) => {
    const app = new Hono().route("/auth", auth.app);
    app.onError((error, c) => c.json({ code: (error as Failure).code }, 422));
    const body = new URLSearchParams({ email: "a@b.c", password: "x" });
    const response = await app.request("/auth/sign-in", { method: "POST", body });
    expect(await response.json()).toEqual({ code: "input.invalid" });
  }));

describe("a token in the header", () => {
  const asking = (authorization: string) => new Request("http://127.0.0.1:7878/", { headers: { authorization } });

  it("says who asks, and is written down as used at most every minute", () =>
    withAuth(async ({ auth, context, clock }) => {
      const create = await catalog.createToken();
      const { token, id } = await runOperation({ ...context, clock }, create, { name: "x", scopes: ["read"], days: 1 });
      const usedMs = async () => (await context.store.read((tx) => findApiToken(tx, id)))!.usedMs;
      const began = clock.now();
      for (const [after, used] of [
        [0, 0],
        [59_999, 0],
        [60_000, 60_000],
      ] as const) {
        clock.set(began + after);
        expect((await auth.authenticate(asking(`Bearer ${token}`), "192.0.2.1"))!.kind).toBe("token");
        // What was begun without waiting is done when the next transaction begins.
        await context.store.write(async () => {});
        expect(await usedMs()).toBe(began + used);
      }
      clock.set(began + 24 * HOUR);
      const late = auth.authenticate(asking(`Bearer ${token}`), "192.0.2.1");
      await expect(late).rejects.toMatchObject({ code: "access.token_invalid", status: 401 });
    }));

  it("that is wrong again and again is not looked up any more", () =>
    withAuth(async ({ auth }) => {
      const attempt = (address: string) => auth.authenticate(asking("Bearer bursar_wrong"), address);
      for (let at = 0; at < 20; at++) await expect(attempt("192.0.2.7")).rejects.toMatchObject({ status: 401 });
      await expect(attempt("192.0.2.7")).rejects.toMatchObject({ code: "access.too_many_attempts", status: 429 });
      await expect(attempt("192.0.2.8")).rejects.toMatchObject({ status: 401 });
    }));
});
