import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { findAccountBySubject, loadPeople } from "../../store/index.ts";
import { withAuth, type Browser, type TestAuth } from "../../../test/support/auth.ts";
import { startIdentityProvider, type TestIdentityProvider } from "../../../test/support/identity-provider.ts";
import { auditEvents } from "../../../test/support/sessions.ts";
import { catalog, runOperation } from "../../operations/index.ts";
import type { OidcSettings } from "./oidc-settings.ts";

const ORIGIN = "http://127.0.0.1:7878";
const ADA = { name: "Ada", email: "ada@example.com", email_verified: true };

let provider: TestIdentityProvider;
beforeAll(async () => {
  provider = await startIdentityProvider(`${ORIGIN}/auth/oidc/callback`);
});
afterAll(() => provider.close());

function withSso(use: (auth: TestAuth) => Promise<void>, changed: Partial<OidcSettings> = {}): Promise<void> {
  const { issuer, clientId, clientSecret } = provider;
  const oidc: OidcSettings = {
    issuer,
    clientId,
    clientSecret,
    roleClaim: "groups",
    roleMap: [
      { value: "bursar-admins", role: "admin", tenant: "default" },
      { value: "staff", role: "viewer", tenant: "default" },
    ],
    label: "Example",
    ...changed,
  };
  return withAuth(use, { origin: ORIGIN, oidc });
}

/** Goes to the provider and back. @returns where the browser ends */
async function signIn(browser: Browser): Promise<string | null> {
  const back = await provider.visit((await browser.get("/auth/oidc/start")).location!);
  expect(back.startsWith(`${ORIGIN}/auth/oidc/callback?`)).toBe(true);
  return (await browser.get(back.slice(ORIGIN.length))).location;
}

describe("single sign-on", () => {
  it("makes the account at the first sign-in, with the role that the claim gives", () =>
    withSso(async ({ browser, context }) => {
      provider.signsIn("sub-1", { ...ADA, groups: ["staff"] });
      const one = browser();
      expect(await one.me()).toMatchObject({ account: null, sso: { enabled: true, label: "Example" } });
      expect(await signIn(one)).toBe("/");
      const { account } = (await one.me()) as { account: { permissions: string[] } };
      expect(account).toMatchObject({ name: "Ada", email: "ada@example.com", role: "viewer", hasPassword: false });
      expect(account.permissions).not.toContain("people");
      expect(await auditEvents(context)).toEqual(["account.made_by_sso", "session.began"]);
      // What a provider says of an address names nobody: the id does, and is told.
      const linking = runOperation(context, await catalog.issueSignInLink(), { account: "Ada@example.com" });
      await expect(linking).rejects.toMatchObject({
        code: "input.invalid",
        hint: expect.stringMatching(/a_\w+ \(Ada\)/) as string,
      });
    }));

  it("leaves no sign-in half done: the request to the provider has PKCE, state and nonce", () =>
    withSso(async ({ browser }) => {
      const { location } = await browser().get("/auth/oidc/start");
      const asked = new URL(location!).searchParams;
      expect(asked.get("response_type")).toBe("code");
      expect(asked.get("code_challenge_method")).toBe("S256");
      for (const name of ["code_challenge", "state", "nonce"]) expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
    }));

  it("makes no account for whom the claim gives no role", () =>
    withSso(async ({ browser, auth }) => {
      provider.signsIn("sub-2", { ...ADA, groups: ["guests"] });
      expect(await signIn(browser())).toBe("/sign-in?problem=sso-role");
      expect(await auth.needsSetup()).toBe(true);
    }));

  it("knows somebody by issuer and subject: the same e-mail of another is somebody else", () =>
    withSso(async ({ browser, setupLink, context }) => {
      const local = browser();
      await local.post("/auth/link", {
        token: await setupLink(),
        email: ADA.email,
        name: "Local Ada",
        password: "violet anchor plum 7",
      });
      provider.signsIn("sub-3", { ...ADA, groups: ["staff"] });
      const one = browser();
      await signIn(one);
      provider.signsIn("sub-4", { ...ADA, groups: ["staff"] });
      const other = browser();
      await signIn(other);
      const ids = await Promise.all(
        [local, one, other].map(async (browser) => ((await browser.me())["account"] as { id: string }).id),
      );
      expect(new Set(ids).size).toBe(3);
      provider.signsIn("sub-3", { name: "Ada B", email: "new@example.com", groups: ["staff"] });
      const again = browser();
      await signIn(again);
      expect(await again.me()).toMatchObject({ account: { id: ids[1], name: "Ada B", email: "new@example.com" } });
      const { store } = context;
      expect(await store.read((tx) => findAccountBySubject(tx, "https://elsewhere.example", "sub-3"))).toBe(null);
    }));

  it("follows the claim: another role ends the sessions, none ends all", () =>
    withSso(async ({ browser, context }) => {
      provider.signsIn("sub-5", { ...ADA, groups: ["staff"] });
      const before = browser();
      await signIn(before);
      provider.signsIn("sub-5", { ...ADA, groups: ["staff", "bursar-admins"] });
      const promoted = browser();
      await signIn(promoted);
      expect(await promoted.me()).toMatchObject({ account: { role: "admin" } });
      expect(await before.me()).toMatchObject({ account: null });
      provider.signsIn("sub-5", { ...ADA, groups: [] });
      expect(await signIn(browser())).toBe("/sign-in?problem=sso-role");
      expect(await promoted.me()).toMatchObject({ account: null });
      expect((await auditEvents(context)).filter((event) => event === "account.changed_by_sso")).toHaveLength(2);
    }));

  it("takes somebody for a person of the roster only where the provider vouches for the e-mail", () =>
    withSso(async ({ browser, context }) => {
      const { store, scope } = context;
      const person = {
        personId: "p_1",
        name: "Ada",
        emails: ["ada@example.com"],
        team: null,
        costCentre: null,
        manager: null,
        startsOn: null,
        endsOn: null,
        inRoster: true,
      };
      await store.write((tx) => loadPeople(tx, scope, [person]));
      for (const [subject, isVerified, personId] of [
        ["sub-6", false, null],
        ["sub-7", true, "p_1"],
      ] as const) {
        provider.signsIn(subject, { ...ADA, email_verified: isVerified, groups: ["staff"] });
        const one = browser();
        await signIn(one);
        expect(await one.me()).toMatchObject({ account: { personId } });
      }
    }));

  it("finishes only in the browser that began it, once, and in time", () =>
    withSso(async ({ browser, clock }) => {
      provider.signsIn("sub-8", { ...ADA, groups: ["staff"] });
      const victim = browser();
      const attacker = browser();
      const back = await provider.visit((await attacker.get("/auth/oidc/start")).location!);
      const path = back.slice(ORIGIN.length);
      expect((await victim.get(path)).location).toBe("/sign-in?problem=sso-flow");
      expect((await attacker.get(path)).location).toBe("/");
      expect((await attacker.get(path)).location).toBe("/sign-in?problem=sso-flow");
      const late = browser();
      const lateBack = await provider.visit((await late.get("/auth/oidc/start")).location!);
      clock.set(clock.now() + 10 * 60_000);
      expect((await late.get(lateBack.slice(ORIGIN.length))).location).toBe("/sign-in?problem=sso-flow");
    }));

  it("refuses an answer with another state, and a provider that is not there", () =>
    withSso(async ({ browser }) => {
      provider.signsIn("sub-9", { ...ADA, groups: ["staff"] });
      const one = browser();
      const back = new URL(await provider.visit((await one.get("/auth/oidc/start")).location!));
      back.searchParams.set("state", "another");
      expect((await one.get(`${back.pathname}${back.search}`)).location).toBe("/sign-in?problem=sso-provider");
    }).then(() =>
      withSso(
        async ({ browser }) => {
          expect((await browser().get("/auth/oidc/start")).location).toBe("/sign-in?problem=sso-provider");
        },
        { issuer: "http://127.0.0.1:9" },
      ),
    ));
});
