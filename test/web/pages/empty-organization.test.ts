import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { pages } from "../../../src/web/pages/index.ts";
import { launchChromium, settled, watchedPage, type Watched } from "../browser.ts";
import { startFresh, type FreshServer } from "../fresh-server.ts";

let browser: Browser;
let fresh: FreshServer;
let watched: Watched;

beforeAll(async () => {
  browser = await launchChromium();
  fresh = await startFresh({ people: 2, days: 2 });
  watched = await watchedPage(browser);
  const { page } = watched;
  await page.goto(fresh.setupLink);
  await page.getByLabel("Your name").fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByRole("textbox", { name: "Password" }).fill("quiet violet harbour 9");
  await page.getByLabel("I may see individuals by name").check();
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.getByRole("heading", { level: 1, name: "Connect" }).waitFor();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await fresh?.close();
});

async function walk(): Promise<void> {
  const { page } = watched;
  for (const { path, title } of pages.filter(({ path }) => !path.includes(":"))) {
    await page.goto(`${fresh.url}${path}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await settled(page);
    expect(`${title}: ${await page.getByText("This page stopped working.").count()}`).toBe(`${title}: 0`);
  }
}

it("every page opens before anything is connected", walk, 120_000);

it("an organization without any usage is connected, read, and said to be empty", async () => {
  const { page } = watched;
  await page.goto(`${fresh.url}/connect`);
  await page.getByRole("textbox", { name: "Admin key" }).fill(fresh.emulator.keys.otherOrganization);
  await page.getByRole("button", { name: "Connect key" }).click();
  await page.getByRole("button", { name: "Start back-fill" }).click();
  await page.getByText("it has used nothing in these days").waitFor({ timeout: 60_000 });
  await page.goto(`${fresh.url}/connections`);
  await page.getByText("14 of 14 streams read").waitFor();
}, 90_000);

it("every page opens for an organization without any usage", walk, 120_000);

it("and nothing broke on the way", () => {
  expect(watched.complaints.filter((one) => !/^(422: |console: Failed to load resource)/.test(one))).toEqual([]);
});
