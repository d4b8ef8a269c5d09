import { describe, expect, it } from "vitest";

import { compact, exact, rate } from "../../../src/web/format/index.ts";
import { faultsOf, IN_BOTH_THEMES } from "../axe.ts";
import { settled } from "../browser.ts";
import { cellsOf, dashboardOfFile, headline } from "../dashboard.ts";

const dashboard = dashboardOfFile();

describe("the overview", () => {
  it("shows the figures of the operation, and who and what the money went to", async () => {
    const { page, days } = dashboard();
    await dashboard().open("/");
    const { headlines, sinceLastWeek, health } = await dashboard().ask("overview", days);
    const cost = headlines.find(({ metric }) => metric === "cost")!;
    const adoption = headlines.find(({ metric }) => metric === "adoption_rate")!;
    expect(await headline(page, "Spend").innerText()).toBe(compact(cost.value, "usd"));
    expect(await headline(page, "Adoption").innerText()).toBe(rate(adoption.value));
    expect(await page.locator(".change-list li").count()).toBe(sinceLastWeek.causes.length);
    await page.getByText(health.line).waitFor();

    const people = await dashboard().ask("listPeopleUsage", { ...days, sort: "cost", limit: 6 });
    const shown = await cellsOf(page, "People by spend");
    expect(shown.map(([name, , , , spend]) => [name, spend])).toEqual(
      people.rows.map(({ name, cost }) => [name, exact(cost.estimated, "usd")]),
    );
    const { table } = await dashboard().ask("spendBy", { ...days, by: "workspace", most: 6 });
    const workspaces = await cellsOf(page, "Spend by workspace");
    expect(workspaces.map(([, spend]) => spend)).toEqual(table.rows.map(({ value }) => exact(value, "usd")));
  });

  it.each(["Accept rate", "Pull requests"])(
    "leads from its figure of %s to a page that tells the same",
    async (name) => {
      const { page } = dashboard();
      await dashboard().open("/");
      const told = await headline(page, name).innerText();
      await page.locator(".headline").getByRole("link", { name }).click();
      await page.getByRole("heading", { level: 1, name: /^AI / }).waitFor();
      await settled(page);
      expect(await headline(page, name).innerText()).toBe(told);
    },
  );

  it("leads from a cause of change to its spend", async () => {
    const { page, days } = dashboard();
    await dashboard().open("/");
    const { sinceLastWeek } = await dashboard().ask("overview", days);
    await page.locator(".change-list a").first().click();
    await page.getByRole("heading", { level: 1, name: "Spend" }).waitFor();
    const params = new URL(page.url()).searchParams;
    expect(params.get("from")).toBe(sinceLastWeek.current!.from);
    expect(params.get("to")).toBe(sinceLastWeek.current!.to);
  });

  it("shows teams to those who may not see individuals", async () => {
    const { page, complaints } = await dashboard().viewer();
    await page.goto(`${dashboard().url}/`);
    await settled(page);
    await page.getByRole("table", { name: "Spend by team" }).waitFor();
    expect(await page.getByRole("table", { name: "People by spend" }).count()).toBe(0);
    expect(await page.locator("main").innerText()).not.toMatch(/@/);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe("the page of spend", () => {
  it("shows the figures of the operation in headlines, table and forecast", async () => {
    const { page, days } = dashboard();
    await dashboard().open("/spend");
    const spend = await dashboard().ask("spend", days);
    const { table } = await dashboard().ask("spendBy", { ...days, by: "model_family" });
    expect(await headline(page, "Spend").innerText()).toBe(compact(spend.total.value, "usd"));
    expect(await headline(page, "Cache saving").innerText()).toBe(compact(spend.cacheSaving!.savingUsd, "usd"));
    expect(await headline(page, "Forecast").innerText()).toBe(compact(spend.forecast.forecastUsd, "usd"));
    const rows = await cellsOf(page, "Spend by model family");
    expect(rows.map(([, value]) => value)).toEqual(table.rows.map(({ value }) => exact(value, "usd")));
    const total = page.getByRole("table", { name: "Spend by model family" }).locator("tfoot");
    await total.getByText(exact(table.total, "usd")).waitFor();
    for (const { differenceUsd } of spend.reconciliation.comparisons) {
      await page
        .locator(".money-facts-result dd", { hasText: compact(differenceUsd, "usd") })
        .first()
        .waitFor();
    }
  });

  it("splits by workspace in the kind of money that knows it, sorts, and narrows by a click", async () => {
    const { page, days } = dashboard();
    await dashboard().open("/spend");
    await page.getByRole("radiogroup", { name: "Split by" }).getByText("Workspace").click();
    const table = page.getByRole("table", { name: "Spend by workspace" });
    await table.waitFor();
    await settled(page);
    await page.getByText(/this is the net cost, of all use/).waitFor();
    await table.getByRole("button", { name: "Workspace", exact: true }).click();
    const names = (await cellsOf(page, "Spend by workspace")).map(([name]) => name!.toLowerCase());
    expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, "en", { numeric: true })));

    await dashboard().open("/spend?by=team");
    const before = await headline(page, "Spend").innerText();
    await page.getByRole("table", { name: "Spend by team" }).locator("tbody button").first().click();
    await page.waitForURL(/team=/);
    await settled(page);
    const team = new URL(page.url()).searchParams.get("team")!;
    const where = [{ dimension: "team", value: team === "null" ? null : team }];
    const { table: narrowed } = await dashboard().ask("spendBy", { ...days, by: "team", where });
    expect(await headline(page, "Spend").innerText()).toBe(compact(narrowed.total, "usd"));
    expect(await headline(page, "Spend").innerText()).not.toBe(before);
  });

  it("compares a range that is not of whole weeks with the same weekdays, when asked to", async () => {
    const { page, days } = dashboard();
    await dashboard().open("/spend");
    await page.getByRole("button", { name: /^Range:/ }).click();
    await page.getByText("Same weekdays", { exact: true }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("compare")).toBe("weekdays");
    const asked = { metrics: ["cost"], ...days, compareTo: "same_weekdays" as const };
    const [cost] = (await dashboard().ask("summary", asked)).metrics;
    const weekdayOf = (day: string) => new Date(day).getUTCDay();
    if (cost!.previous !== null) expect(weekdayOf(cost!.previous.range.from)).toBe(weekdayOf(days.from));
    await page.keyboard.press("Escape");
  });

  it("shows how every budget stands, and the one of what it shows as a line", async () => {
    const { page } = dashboard();
    const family = { basis: ["actual", "forecast"] as ("actual" | "forecast")[], thresholds: [50, 100] };
    const whole = { name: "All", scope: "organization", value: null, period: "day", amountUsd: "1" } as const;
    await dashboard().order("saveBudget", { ...whole, ...family });
    const { rows } = await dashboard().ask("listWorkspaces", {});
    const { id, name: called } = rows.find(({ isDefault, archivedAt }) => !isDefault && archivedAt === null)!;
    const part = { name: "Part", scope: "workspace", value: id, period: "month", amountUsd: "2" } as const;
    await dashboard().order("saveBudget", { ...part, ...family });
    await dashboard().open("/spend");
    const cells = await cellsOf(page, "Budgets");
    expect(cells.map(([name, about, , , amount]) => [name, about, amount])).toEqual([
      ["All", "The organization", exact("1", "usd")],
      ["Part", `${called}\nworkspace`, exact("2", "usd")],
    ]);
    expect(await page.getByRole("table", { name: "Budgets" }).getByTitle(id!).textContent()).toBe(called);
    await page
      .locator("main svg text", { hasText: /^Budget$/ })
      .first()
      .waitFor({ state: "attached" });
    expect(await faultsOf(page, IN_BOTH_THEMES)).toEqual([]);
    const { budgets } = await dashboard().ask("listBudgets", {});
    for (const { id } of budgets) await dashboard().order("deleteBudget", { id });
  });

  it("says so when a part of it fails, and keeps the rest", async () => {
    const { page } = dashboard();
    await page.route("**/api/v1/spend?*", (route) => route.fulfill({ status: 500, body: "{}" }));
    await dashboard().open("/spend");
    await page.getByRole("alert").first().waitFor();
    await page.getByRole("table", { name: "Spend by model family" }).waitFor();
    await page.unroute("**/api/v1/spend?*");
    dashboard().watched.complaints.length = 0;
  });
});

describe("the insights", () => {
  it("are those of the operation, in its order, each with its evidence and a link", async () => {
    const { page, days } = dashboard();
    await dashboard().open("/insights");
    const { findings, checks } = await dashboard().ask("listInsights", days);
    expect(await page.locator(".finding h2").allInnerTexts()).toEqual(findings.map(({ title }) => title));
    expect(await page.locator(".insight-checks li").count()).toBe(checks.length);
    const links = await page.locator(".finding-foot a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    expect(links.map((href) => href!.split("?")[0])).toEqual(findings.map(({ link }) => link.page));
  });

  it("take note of an unusual day, and of its end", async () => {
    const { page } = dashboard();
    const life = { state: "open", openedAt: "2026-11-20T08:00:00.000Z", resolvedAt: null, resolvedBy: null };
    await page.route("**/api/v1/list-insights?*", async (route) => {
      const answer = await route.fetch();
      const told = (await answer.json()) as { findings: object[] };
      const known = { ...life, acknowledgedAt: null, acknowledgedBy: null };
      await route.fulfill({ json: { ...told, findings: told.findings.map((one) => ({ ...one, life: known })) } });
    });
    const ordered: unknown[] = [];
    await page.route("**/api/v1/set-anomaly-state", async (route) => {
      ordered.push(route.request().postDataJSON());
      await route.fulfill({ json: { id: "", state: "acknowledged", dimension: "", day: "2026-11-19" } });
    });
    await dashboard().open("/insights");
    expect(await faultsOf(page, IN_BOTH_THEMES)).toEqual([]);
    await page
      .getByRole("button", { name: /^Acknowledge: / })
      .first()
      .click();
    await expect.poll(() => ordered).toMatchObject([{ state: "acknowledged" }]);
    // The list is asked for once more, and has to be answered while the page still has an answer made up for it.
    await settled(page);
    await page.unroute("**/api/v1/list-insights?*");
    await page.unroute("**/api/v1/set-anomaly-state");
  });

  it("say honestly that there are none, and what could not be looked at", async () => {
    const { page, days } = dashboard();
    await dashboard().open(`/insights?from=${days.to}&to=${days.to}`);
    const { findings, none, checks } = await dashboard().ask("listInsights", { from: days.to, to: days.to });
    if (findings.length === 0) await page.getByText(none!).waitFor();
    const skipped = checks.filter(({ ran }) => !ran);
    expect(skipped.length).toBeGreaterThan(0);
    await page.getByText(`not made: ${skipped[0]!.reason}`).first().waitFor();
  });
});

it.each(["/", "/spend", "/insights"])(
  "%s has no serious finding of axe in either theme, and nothing the browser complains of",
  async (path) => {
    const { page, open, watched } = dashboard();
    await open(path);
    expect(await faultsOf(page, IN_BOTH_THEMES)).toEqual([]);
    expect(watched.complaints).toEqual([]);
  },
);
