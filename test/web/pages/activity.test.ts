import { beforeAll, describe, expect, it } from "vitest";

import type { Output } from "../../../src/web/client/index.ts";
import { addDays, compact, exact, formatDay, mondayOf, rate } from "../../../src/web/format/index.ts";
import { faultsOf } from "../axe.ts";
import { settled } from "../browser.ts";
import { cellsOf, dashboardOfFile, headline } from "../dashboard.ts";

const PATHS = ["/active-users", "/adoption", "/activity", "/actions"];

const dashboard = dashboardOfFile();

describe("AI Active Users", () => {
  it("shows the figures of the answers, week by week and in all", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/active-users");
    const { headline: figures, stickiness } = await ask("activeUsers", days);
    await expect.poll(() => headline(page, "Monthly").innerText()).toBe(compact(figures.mau.value, "people"));
    expect(await headline(page, "Weekly").innerText()).toBe(compact(figures.wau.value, "people"));
    expect(await headline(page, "Daily").innerText()).toBe(compact(figures.dauWeekdayAverage.value, "people"));
    expect(await headline(page, "Stickiness").innerText()).toContain(compact(stickiness.dauMauWeekday.value, "ratio"));
    const shown = await cellsOf(page, "New, returning and lost people by week");
    const { weeks } = await ask("retention", { from: mondayOf(addDays(days.to, -83)), to: days.to });
    const held = weeks.filter(({ active }) => active !== null).toReversed();
    expect(shown.map(([week, active]) => [week, active])).toEqual(
      held.map(({ week, active }) => [formatDay(week), exact(active, "people")]),
    );
  });

  it("is narrowed by a team in the address, and leaves out what it cannot be narrowed by", async () => {
    const { page, open, ask, days } = dashboard();
    const { teams } = await ask("codingByTeam", days);
    const team = teams.find((one) => one.team !== null)?.team ?? "";
    await open(`/active-users?team=${encodeURIComponent(team)}&workspace=none`);
    const where = [{ dimension: "team", value: team }];
    const { headline: figures } = await ask("activeUsers", { ...days, where });
    await expect
      .poll(() => headline(page, "In this range").innerText())
      .toBe(compact(figures.periodActive.value, "people"));
    expect(dashboard().watched.complaints).toEqual([]);
  });

  it("opens the week of a day that is picked in the calendar", async () => {
    const { page, open } = dashboard();
    await open("/active-users");
    const calendar = page.getByRole("group", { name: /^Calendar/ });
    await calendar.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForURL(/from=\d{4}-\d{2}-\d{2}&to=\d{4}-\d{2}-\d{2}/);
  });

  it("says that days were not read, instead of drawing that nobody was active", async () => {
    const { page, open } = dashboard();
    await open("/active-users?from=2020-01-01&to=2020-01-31");
    await page.getByText("No day of 1–31 Jan 2020 has been read").waitFor();
    expect(await page.locator(".headline").count()).toBe(0);
    await page.getByRole("button", { name: "Show the last 30 days" }).click();
    await page.waitForURL(`${dashboard().url}/active-users`);
  });

  it("says once what went wrong, and asks again", async () => {
    const { page, open } = dashboard();
    await page.route("**/api/v1/active-users?*", (route) =>
      route.fulfill({
        status: 500,
        contentType: "application/problem+json",
        body: JSON.stringify({ title: "Broken", status: 500, detail: "The store is broken.", code: "test.broken" }),
      }),
    );
    await open("/active-users?range=last-7");
    await page.getByRole("alert").getByText("The store is broken.").waitFor();
    expect(await page.getByRole("alert").count()).toBe(1);
    await page.unrouteAll({ behavior: "wait" });
    await page.getByRole("button", { name: "Try again" }).click();
    await headline(page, "Monthly").waitFor();
    dashboard().watched.complaints.length = 0;
  });
});

describe("AI Adoption Rate", () => {
  it("divides by the list that is picked", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/adoption");
    const { headline: before, denominators, denominator } = await ask("adoption", days);
    await expect.poll(() => headline(page, "Adoption").innerText()).toBe(rate(before.rate.value));
    const usable = denominators.filter((one) => one.rate.value !== null);
    const at = usable.findIndex(({ id }) => id !== denominator);
    await page.getByRole("group", { name: /^By list/ }).focus();
    for (let step = 0; step <= at; step++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`denominator=${usable[at]?.id}`));
    await settled(page);
    const { headline: after } = await ask("adoption", { ...days, denominator: usable[at]?.id });
    await expect
      .poll(() => headline(page, "Could be active").innerText())
      .toBe(compact(after.eligible.value, "people"));
  });

  it("sorts teams by any column", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/adoption");
    const { teams } = await ask("adoption", days);
    await page.getByRole("table", { name: "Adoption by team" }).getByRole("button", { name: "Could be" }).click();
    const sizes = (await cellsOf(page, "Adoption by team")).map((cells) => Number(cells[3]));
    expect(sizes).toEqual(teams.map(({ eligible }) => eligible ?? 0).toSorted((a, b) => b - a));
  });

  it("names who has not started to those who may see individuals, and to nobody else", async () => {
    const { page, open, ask, days, url } = dashboard();
    await open("/adoption");
    const people = await ask("adoptionPeople", days);
    const names = (await cellsOf(page, "People who have not started")).map(([name]) => String(name));
    expect(names.toSorted()).toEqual(people.notStarted.map(({ name }) => name).toSorted());
    expect(names.length).toBeGreaterThan(0);

    const viewer = await dashboard().viewer();
    const asked: string[] = [];
    viewer.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await viewer.page.goto(`${url}/adoption`);
    await settled(viewer.page);
    await viewer.page.getByText("to those who may see individuals").waitFor();
    const text = await viewer.page.locator("main").innerText();
    expect(people.notStarted.filter(({ name }) => text.includes(name))).toEqual([]);
    expect(asked).toContain("/api/v1/adoption");
    expect(asked).not.toContain("/api/v1/adoption-people");
    expect(viewer.complaints).toEqual([]);
    await viewer.context.close();
  });
});

describe("AI Coding Activity", () => {
  it("shows the sums of the answer, draws the measure that is chosen and keeps it in the address", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/activity");
    const { measures } = await ask("codingActivity", days);
    const shown = new Map(
      (await cellsOf(page, "Coding activity for each person and day")).map((row) => [row[0], row[1]]),
    );
    for (const { title, total } of measures) expect(shown.get(title)).toBe(exact(total.value, "count"));
    await page.getByRole("radiogroup", { name: "Drawn measure" }).getByText("Commits").click();
    await page.waitForURL(/measure=commits/);
    await page.getByRole("heading", { name: "Commits over time" }).waitFor();
  });

  it("draws each bucket as it is answered, and is narrowed by the terminal that is picked", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/activity?grain=week");
    const { series, terminals } = await ask("codingActivity", { ...days, grain: "week" });
    const chart = page.locator(".card", { has: page.getByRole("heading", { name: "Sessions over time" }) });
    await chart.getByRole("button", { name: "Show as a table" }).click();
    const cells = await chart
      .locator("tbody tr")
      .evaluateAll((rows) => rows.map((row) => row.children[1]?.textContent));
    expect(cells).toEqual(series.map(({ sessions }) => exact(sessions, "sessions")));
    await page.getByRole("group", { name: /^By terminal/ }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.searchParams.get("terminal") === String(terminals[0]?.terminal));
    await expect
      .poll(() => headline(page, "Sessions").innerText())
      .toBe(compact(terminals[0]?.sessions ?? null, "sessions"));
  });

  it("hides teams of few people from those who may not see individuals", async () => {
    const { url, days } = dashboard();
    const viewer = await dashboard().viewer();
    const answer = await viewer.page.request.get(`${url}/api/v1/coding-by-team?from=${days.from}&to=${days.to}`);
    const { teams } = (await answer.json()) as Output<"codingByTeam">;
    const hidden = teams.filter(({ reason }) => reason === "suppressed_for_privacy");
    expect(hidden.length).toBeGreaterThan(0);
    await viewer.page.goto(`${url}/activity`);
    await settled(viewer.page);
    const rows = await cellsOf(viewer.page, "Coding activity by team");
    for (const { team } of hidden) {
      const row = rows.find(([name]) => name === (team ?? "No team"));
      expect(row?.slice(1).every((cell) => cell.startsWith("—"))).toBe(true);
    }
    await viewer.context.close();
  });
});

describe("AI Actions", () => {
  it("shows accepted and rejected by tool, and the tool alone that is picked", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/actions");
    const { total, tools } = await ask("actions", days);
    await expect.poll(() => headline(page, "Accept rate").innerText()).toBe(rate(total.acceptRate.value));
    const rows = await cellsOf(page, "Decisions by tool");
    expect(rows.map((row) => row.at(-1))).toEqual(tools.map(({ decisions }) => exact(decisions, "count")));
    await page.getByRole("table", { name: "Decisions by tool" }).getByRole("button").nth(4).click();
    await page.waitForURL(/tool=/);
    await expect
      .poll(() => headline(page, "Decisions").innerText())
      .toBe(compact(tools[0]?.decisions ?? null, "count"));
  });

  it("keeps people, services and unwatched terminals apart", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/actions?population=all");
    const { populations, terminals } = await ask("actions", { ...days, population: "all" });
    await page.getByText("counted here together, each as one").waitFor();
    const accepted = (rows: string[][]) => rows.map((row) => row[2]);
    expect(accepted(await cellsOf(page, "Decisions by population"))).toEqual(
      populations.map((one) => exact(one.accepted, "count")),
    );
    expect(accepted(await cellsOf(page, "Decisions by kind of terminal"))).toEqual(
      terminals.map((one) => exact(one.accepted, "count")),
    );
    await page.getByRole("button", { name: "Leave out non-interactive terminals" }).click();
    await page.waitForURL((url) => !url.searchParams.getAll("terminal").includes("non-interactive"));
    const watched = terminals.find(({ kind }) => kind === "interactive");
    await expect.poll(() => headline(page, "Decisions").innerText()).toBe(compact(watched?.decisions ?? null, "count"));
  });
});

describe.each(PATHS)("%s", (path) => {
  beforeAll(() => dashboard().open(path));

  it.each([
    ["light", 1440],
    ["dark", 390],
  ] as const)("has no serious finding in %s at %d pixels, and does not scroll sideways", async (...look) => {
    expect(await faultsOf(dashboard().page, [look])).toEqual([]);
    expect(dashboard().watched.complaints).toEqual([]);
  });
});
