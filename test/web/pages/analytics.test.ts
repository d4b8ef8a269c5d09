import { describe, expect, it } from "vitest";

import { exact, labelOf } from "../../../src/web/format/index.ts";
import { faultsOf, IN_BOTH_THEMES } from "../axe.ts";
import { settled } from "../browser.ts";
import { cellsOf, dashboardOfFile } from "../dashboard.ts";

const dashboard = dashboardOfFile();

describe("the pivot", () => {
  it("shows a metric by two dimensions, with totals that were asked for", async () => {
    const { page, days } = dashboard();
    await dashboard().open("/analytics?metric=sessions&rows=team&columns=terminal");
    const cells = await dashboard().ask("report", { ...days, metric: "sessions", by: ["team", "terminal"] });
    const rows = await dashboard().ask("report", { ...days, metric: "sessions", by: ["team"] });
    const columns = await dashboard().ask("report", { ...days, metric: "sessions", by: ["terminal"] });
    const shown = await cellsOf(page, "Sessions");
    expect(shown.map(([, total]) => String(total)).sort()).toEqual(
      rows.rows.map(({ value }) => exact(value, "sessions")).toSorted(),
    );
    const table = page.getByRole("table", { name: "Sessions" });
    const heads = (await table.locator("thead th").allInnerTexts()).map((text) => text.trim());
    const foot = await table.locator("tfoot td").allInnerTexts();
    expect(foot.slice(1)).toEqual([
      exact(rows.total.value, "sessions"),
      ...heads.slice(2).map((name) => {
        const row = columns.rows.find(({ terminal }) => labelOf(String(terminal), "terminal") === name);
        return exact(row?.value ?? null, "sessions");
      }),
    ]);
    const [first] = shown;
    const cell = cells.rows.find(
      ({ team, terminal }) =>
        labelOf(String(team), "team") === first![0] && labelOf(String(terminal), "terminal") === heads[2],
    );
    expect(first![2]).toBe(exact(cell?.value ?? 0, "sessions"));
  });

  it("takes rates as they are answered, over time", async () => {
    const { page, days } = dashboard();
    await dashboard().open("/analytics?metric=accept_rate&rows=tool&over=time&grain=month");
    const whole = await dashboard().ask("report", { ...days, metric: "accept_rate", grain: "month" });
    const foot = await page.getByRole("table", { name: "Accept rate" }).locator("tfoot td").allInnerTexts();
    const months = whole.rows.map(({ value }) => exact(value, "ratio"));
    expect(foot.slice(1)).toEqual([exact(whole.total.value, "ratio"), ...months]);
  });

  it("changes the metric by its menu, and keeps the choice in the address", async () => {
    const { page } = dashboard();
    await dashboard().open("/analytics");
    await page.getByRole("combobox", { name: "Metric" }).click();
    await page.getByRole("option", { name: "Commits", exact: true }).click();
    await page.waitForURL(/metric=commits/);
    await page.getByRole("heading", { name: /^Commits by team/ }).waitFor();
  });

  it("offers billed cost where an estimate is not told", async () => {
    const { page } = dashboard();
    await dashboard().open("/analytics?metric=cost&rows=workspace");
    await page.getByRole("button", { name: "Show billed cost" }).click();
    await page.waitForURL(/kind=net/);
    await page.getByRole("table", { name: "Cost" }).waitFor();
    dashboard().watched.complaints.length = 0;
  });

  it("offers no individuals to those who may not see them", async () => {
    const { page } = await dashboard().viewer();
    await page.goto(`${dashboard().url}/analytics?metric=sessions&rows=person`);
    await settled(page);
    await page.getByRole("heading", { name: /^Sessions by team/ }).waitFor();
    await page.getByRole("combobox", { name: "Rows" }).click();
    expect(await page.getByRole("option", { name: "Person" }).count()).toBe(0);
    await page.context().close();
  });
});

describe("saved views", () => {
  it("are kept under a name, opened, and deleted", async () => {
    const { page } = dashboard();
    await dashboard().open("/analytics?metric=commits&rows=team&range=last-7");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("menuitem", { name: "Save this view" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Commits of the week");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.waitForURL(/view=v_/);

    await dashboard().open("/analytics");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("menuitem", { name: "Commits of the week" }).click();
    await page.waitForURL(/metric=commits.*range=last-7/);
    await page.getByRole("button", { name: "Commits of the week" }).click();
    await page.getByRole("menuitem", { name: /^Delete/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect.poll(async () => (await dashboard().ask("listViews", {})).views).toEqual([]);
  });
});

it.each(["/analytics", "/analytics?metric=tokens&rows=model&over=time"])(
  "%s has no serious finding of axe in either theme, and nothing the browser complains of",
  async (path) => {
    const { page, open, watched } = dashboard();
    await open(path);
    expect(await faultsOf(page, IN_BOTH_THEMES)).toEqual([]);
    expect(watched.complaints).toEqual([]);
  },
);
