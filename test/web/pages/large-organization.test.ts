import { describe, expect, it } from "vitest";

import { pages } from "../../../src/web/pages/index.ts";
import { compact } from "../../../src/web/format/index.ts";
import { sidewaysOverflow } from "../axe.ts";
import { settled } from "../browser.ts";
import { cellsOf, dashboardOfFile, headline } from "../dashboard.ts";

/** The full count takes minutes of a busy machine. */
const PEOPLE = process.env["BURSAR_FULL"] === undefined ? 1200 : 5000;
const MANY = PEOPLE * 0.8;

const PAGE = 50;
/** What a table may hold at once: more is paged, or put together. */
const MOST_ROWS = 100;

/** Eighty characters without a place to break, and a name that is written from the right. */
const NAMES = ["Wolfeschlegelsteinhausenbergerdorff".padEnd(80, "abc"), "שרה כהן־לוי (أمينة)"];

const dashboard = dashboardOfFile({ people: PEOPLE, days: 1 });

const namesOf = async (label: string) =>
  (await cellsOf(dashboard().page, label)).map(([first = ""]) => first.split("\n")[0]!.trim());

describe(`with ${PEOPLE} people`, () => {
  it.each(pages.filter(({ path }) => !path.includes(":")))("$title opens", async ({ path, title }) => {
    const { page, open, watched } = dashboard();
    await open(path);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe(title);
    expect(await page.getByText("This page stopped working.").count()).toBe(0);
    for (const table of await page.getByRole("table").all()) {
      expect(await table.locator("tr").count()).toBeLessThanOrEqual(MOST_ROWS);
    }
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(watched.complaints).toEqual([]);
  });

  it("the overview and the adoption show what the API answers", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/");
    const { headlines } = await ask("overview", days);
    const of = (metric: string) => headlines.find((one) => one.metric === metric)?.value ?? null;
    // The one day may be a Sunday.
    expect(of("active_users")).toBeGreaterThan(PEOPLE / 50);
    expect(await headline(page, "Active people").innerText()).toBe(compact(of("active_users"), "people"));
    expect(await headline(page, "Spend").innerText()).toBe(compact(of("cost"), "usd"));
    await open("/adoption");
    expect(await headline(page, "Adoption").first().innerText()).toBe(compact(of("adoption_rate"), "ratio"));
  });

  it("people are paged, and each page is what the API answers", async () => {
    const { page, open, ask, days } = dashboard();
    const question = { ...days, population: "humans", sort: "cost", order: "desc", limit: PAGE } as const;
    await open("/people?sort=cost");
    const first = await ask("listPeopleUsage", question);
    expect(first.total).toBeGreaterThan(MANY);
    expect(await namesOf("People")).toEqual(first.rows.map(({ name }) => name));
    await page.getByRole("button", { name: "Next page" }).click();
    await page.waitForURL(/at=50/);
    const second = await ask("listPeopleUsage", { ...question, offset: PAGE });
    await settled(page);
    expect(await namesOf("People")).toEqual(second.rows.map(({ name }) => name));
  });

  it("members and keys are paged, and counted as the API counts them", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/members");
    const members = await ask("listMembers", { limit: 1 });
    expect(members.total).toBeGreaterThan(MANY);
    expect(await headline(page, "Members").innerText()).toBe(compact(members.total, "count"));
    await open("/keys");
    const keys = await ask("listApiKeys", { ...days, limit: 1 });
    const active = keys.statuses.find(({ status }) => status === "active")?.keys ?? 0;
    expect(active).toBeGreaterThan(MANY);
    expect(await headline(page, "Active keys").innerText()).toBe(compact(active, "count"));
  });

  it.each(NAMES)("somebody may be called %s", async (name) => {
    const { page, open, ask, days, url, watched } = dashboard();
    const { rows } = await ask("listPeopleUsage", { ...days, sort: "cost", order: "desc", limit: 1 });
    const { personId } = rows[0]!;
    const headers = { origin: url };
    const saved = await page.request.post(`${url}/api/v1/save-person`, { headers, data: { personId, name } });
    expect(saved.ok()).toBe(true);
    for (const [width, path] of [
      [1440, "/people?sort=cost"],
      [390, "/people?sort=cost"],
      [390, `/people/${personId}`],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await open(path);
      await page.getByText(name, { exact: true }).first().waitFor();
      expect(await sidewaysOverflow(page)).toBe(0);
    }
    expect(watched.complaints).toEqual([]);
  });
});
