import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { AuthenticatorApp } from "../../support/second-factor.ts";
import { faultsOf, IN_BOTH_THEMES, seriousFindings } from "../axe.ts";
import { settled, watchedPage, type Watched } from "../browser.ts";
import { makeFirstAccount, PASSWORD, startNewcomer, type FreshServer, type Newcomer } from "../fresh-server.ts";

let newcomer: Newcomer;
let browser: Browser;
let fresh: FreshServer;
let watched: Watched;
let page: Page;
let app: AuthenticatorApp;
let recoveryCodes: readonly string[];

beforeAll(async () => {
  newcomer = await startNewcomer({ people: 2, days: 2 });
  ({ browser, fresh, watched, page } = newcomer);
  await makeFirstAccount(newcomer);
}, 180_000);

afterAll(() => newcomer?.close());

const typePassword = async ({ page: at }: Watched) => {
  await at.goto(`${fresh.url}/sign-in?next=${encodeURIComponent("/settings?tab=account")}`);
  await at.getByLabel("E-mail").fill("ada@example.com");
  await at.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await at.getByRole("button", { name: "Sign in" }).click();
  await at.getByRole("heading", { level: 1, name: "Second factor" }).waitFor();
};

it("is demanded of admins by a setting, which leads who has none to set one up before anything else", async () => {
  await page.goto(`${fresh.url}/settings?tab=accounts`);
  await page.getByText("One admin signs in with a password alone").waitFor();
  await page.getByRole("radio", { name: "Admins" }).check();
  await page.getByRole("button", { name: "Save" }).first().click();
  await page.waitForURL(/\/second-factor/);
  await page.goto(`${fresh.url}/spend?range=last-7`);
  await page.waitForURL(/\/second-factor\?next=%2Fspend/);
  expect((await page.request.get(`${fresh.url}/api/v1/status`)).status()).toBe(403);
  await page.getByRole("textbox", { name: "Your password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Show me a secret" }).click();
  const secret = (await page.locator(".copy-once code").textContent()) ?? "";
  app = new AuthenticatorApp(secret.replaceAll(" ", ""));
  const uri = await page.getByRole("link", { name: "open it in an app of this device" }).getAttribute("href");
  expect(uri).toMatch(/^otpauth:\/\/totp\/Bursar:ada%40example\.com\?secret=[A-Z2-7]{32}&issuer=Bursar&/);
  expect(await faultsOf(page, IN_BOTH_THEMES)).toEqual([]);
  await page.getByLabel("Code of the app").fill(app.wrongAt(Date.now()));
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText("This code is not right").waitFor();
  await page.getByLabel("Code of the app").fill(app.codeAt(Date.now()));
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText("Your second factor is set up.").waitFor();
  recoveryCodes = ((await page.locator(".copy-once code").textContent()) ?? "").split("\n");
  expect(recoveryCodes.length).toBe(10);
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.waitForURL(`${fresh.url}/spend?range=last-7`);
  await page.getByRole("heading", { level: 1, name: "Spend" }).waitFor();
});

it("is asked for after the password, and a code or a recovery code goes on to what was wanted", async () => {
  // The code of now was used; the next one holds already.
  for (const next of [() => app.codeAt(Date.now() + 30_000), () => recoveryCodes[0]!]) {
    const other = await watchedPage(browser);
    await typePassword(other);
    expect((await other.page.request.get(`${fresh.url}/api/v1/status`)).status()).toBe(401);
    expect(await seriousFindings(other.page)).toEqual([]);
    await other.page.getByLabel("Code").fill(next());
    await other.page.getByRole("button", { name: "Go on" }).click();
    await other.page.waitForURL(`${fresh.url}/settings?tab=account`);
    await settled(other.page);
    expect(other.complaints).toEqual([]);
    await other.context.close();
  }
});

it("is removed under My account", async () => {
  await page.goto(`${fresh.url}/settings?tab=account`);
  await page.getByText("9 recovery codes are left.").waitFor();
  await page.getByRole("button", { name: "Remove it" }).click();
  await page.getByLabel("A code of the app, or a recovery code").fill(recoveryCodes[1]!);
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  // It is demanded still.
  await page.waitForURL(/\/second-factor/);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  const refused = /^(?:403|422): \/(?:api\/v1\/|auth\/)/;
  const others = watched.complaints.filter(
    (one) => !refused.test(one) && !one.startsWith("console: Failed to load resource"),
  );
  expect(others).toEqual([]);
});
