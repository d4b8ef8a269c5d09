import { afterAll, beforeAll, expect, it } from "vitest";

import { pages } from "../../../src/web/pages/index.ts";
import { settled } from "../browser.ts";
import { makeFirstAccount, startNewcomer, type Newcomer } from "../fresh-server.ts";

let newcomer: Newcomer;

beforeAll(async () => {
  newcomer = await startNewcomer({ people: 2, days: 2 });
  await makeFirstAccount(newcomer);
}, 180_000);

afterAll(() => newcomer?.close());

async function walk(): Promise<void> {
  const { page, fresh } = newcomer;
  for (const { path, title } of pages.filter(({ path }) => !path.includes(":"))) {
    await page.goto(`${fresh.url}${path}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await settled(page);
    expect(`${title}: ${await page.getByText("This page stopped working.").count()}`).toBe(`${title}: 0`);
  }
}

it("every page opens before anything is connected", walk, 120_000);

it("an organization without any usage is connected, read, and said to be empty", async () => {
  const { page, fresh } = newcomer;
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
  expect(newcomer.watched.complaints.filter((one) => !/^(422: |console: Failed to load resource)/.test(one))).toEqual(
    [],
  );
});
