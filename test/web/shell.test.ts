import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { seriousFindings, sidewaysOverflow } from "./axe.ts";
import { launchChromium, settled, signIn, watchedPage, type Watched } from "./browser.ts";
import { startDemo, type DemoServer } from "./demo.ts";

const KILOBYTE = 1000;
const FIRST_LOAD = 155 * KILOBYTE;

let browser: Browser;
let demo: DemoServer;
let watched: Watched;

beforeAll(async () => {
  browser = await launchChromium();
  demo = await startDemo();
  watched = await watchedPage(browser);
  await signIn(watched.page, demo);
  await settled(watched.page);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

describe("the first page", () => {
  it("opens under the policy without a single complaint of the browser", () => {
    expect(watched.complaints).toEqual([]);
  });

  it(`takes at most ${FIRST_LOAD / KILOBYTE} kB of script and style before the charts`, async () => {
    const fresh = await watchedPage(browser, {});
    await fresh.context.addCookies(await watched.context.cookies());
    let bytes = 0;
    const counting: Promise<void>[] = [];
    fresh.page.on("requestfinished", (request) => {
      const path = new URL(request.url()).pathname;
      if (!/\.(js|css)$/.test(path) || path.includes("/charts-")) return;
      counting.push(request.sizes().then(({ responseBodySize }) => void (bytes += responseBodySize)));
    });
    await fresh.page.goto(demo.url);
    await settled(fresh.page);
    await Promise.all(counting);
    await fresh.context.close();
    expect(bytes).toBeGreaterThan(50 * KILOBYTE);
    expect(bytes).toBeLessThanOrEqual(FIRST_LOAD);
  });

  it.each([
    ["light", 1440],
    ["dark", 1440],
    ["light", 390],
    ["dark", 360],
  ] as const)("has no serious finding in %s at %d pixels, and does not scroll sideways", async (colorScheme, width) => {
    const { page } = watched;
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate((chosen) => localStorage.setItem("bursar-theme", chosen), colorScheme);
    await page.reload();
    await settled(page);
    expect(await seriousFindings(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.evaluate(() => localStorage.removeItem("bursar-theme"));
  });
});

describe("the keyboard", () => {
  it("searches with / and goes to what was found", async () => {
    const { page } = watched;
    await page.goto(`${demo.url}/?range=last-7`);
    await settled(page);
    await page.keyboard.press("/");
    const search = page.getByRole("textbox", { name: /find/i }).or(page.getByPlaceholder(/find/i));
    await search.first().waitFor();
    await page.keyboard.type("overview");
    await page.getByRole("dialog").getByText("Overview", { exact: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(`${demo.url}/?range=last-7`);
  });

  it("lists itself with ?", async () => {
    const { page } = watched;
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "detached" });
  });

  it("reads a chart value by value", async () => {
    const { page } = watched;
    const chart = page.getByRole("group", { name: /^Spend by model family/ });
    await chart.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => chart.locator("[aria-live]").textContent()).toMatch(/\d{4}: .*\$/);
  });
});

it("keeps filters in the address, and takes them away one by one", async () => {
  const { page } = watched;
  await page.goto(`${demo.url}/?family=opus&range=last-7`);
  await settled(page);
  await page.getByRole("button", { name: "Remove the filter Model family" }).click();
  await page.waitForURL(`${demo.url}/?range=last-7`);
});

it("says so when there is no such page, and that a link works once", async () => {
  const { page } = watched;
  await page.goto(`${demo.url}/nowhere`);
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  const other = await watchedPage(browser);
  await other.page.goto(demo.link);
  await other.page.getByRole("heading", { name: "This link does not work" }).waitFor();
  expect(other.page.url()).toBe(`${demo.url}/sign-in`);
  // So does the sign-in of an organization that lets somebody in nowhere.
  await other.page.goto(`${demo.url}/sign-in?problem=sso-role`);
  await other.page.getByRole("alert").getByText("gives you no access here").waitFor();
  await other.page.goto(`${demo.url}/sign-in?problem=constructor`);
  await other.page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  await other.context.close();
});
