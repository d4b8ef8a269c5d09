import { describe, expect, it } from "vitest";

import type { Output } from "../../../src/web/client/index.ts";
import { compact, exact, formatDay, labelOf, rate } from "../../../src/web/format/index.ts";
import { faultsOf, IN_BOTH_THEMES, sidewaysOverflow } from "../axe.ts";
import { settled } from "../browser.ts";
import { cellsOf, dashboardOfFile, headline } from "../dashboard.ts";

type PersonRow = Output<"listPeopleUsage">["rows"][number];

const dashboard = dashboardOfFile();

/** What the table writes of a person: everything but the sparkline, whose cell holds no text. */
function written(row: PersonRow): string[] {
  const { name, team, activeDays, sessions, acceptRate, cost, lastActive } = row;
  return [
    name,
    labelOf(String(team), "team"),
    exact(activeDays, "count"),
    exact(sessions, "sessions"),
    acceptRate === null ? "—" : rate(acceptRate),
    exact(cost.estimated, "usd"),
    lastActive === null ? "never" : formatDay(lastActive),
  ];
}

/** The first line of each cell, the sparkline's left out. */
function figuresOf(cells: string[]): string[] {
  return cells.filter((_, at) => at !== 2).map((cell) => cell.trim().split("\n")[0]!.trim());
}

describe("People", () => {
  it("lists everybody by name with the figures of the operation, and offers no order by lines of code", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/people");
    const { rows } = await ask("listPeopleUsage", { ...days, sort: "name", order: "asc", limit: 50 });
    expect((await cellsOf(page, "People")).map(figuresOf)).toEqual(rows.map(written));
    expect(rows.length).toBeGreaterThan(15);
    expect(await page.getByRole("table", { name: "People" }).locator("thead").innerText()).not.toMatch(/lines/i);
  });

  it("is sorted and searched by the server, and keeps both in the address", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/people");
    await page.getByRole("button", { name: "Spend" }).click();
    await page.waitForURL(/sort=cost/);
    await settled(page);
    const sorted = await ask("listPeopleUsage", { ...days, sort: "cost", order: "desc", limit: 50 });
    expect((await cellsOf(page, "People")).map(figuresOf)).toEqual(sorted.rows.map(written));
    const word = sorted.rows[0]!.name.split(" ")[0]!;
    await page.getByRole("textbox", { name: "Find a name, address or team" }).fill(word);
    await page.waitForURL(/find=/);
    await settled(page);
    const found = await ask("listPeopleUsage", { ...days, search: word, sort: "cost", order: "desc" });
    expect(found.total).toBeLessThan(sorted.total);
    expect((await cellsOf(page, "People")).map(figuresOf)).toEqual(found.rows.map(written));
    await page.getByRole("textbox", { name: "Find a name, address or team" }).fill("nobody of this name");
    await page.getByText("Nobody here has “nobody of this name”").waitFor();
  });

  it("is narrowed by a team", async () => {
    const { page, open, ask, days } = dashboard();
    const { rows: all } = await ask("listPeopleUsage", { ...days });
    const team = all.find(({ team }) => team !== null)!.team!;
    await open(`/people?${new URLSearchParams({ team }).toString()}`);
    const where = [{ dimension: "team", value: team }];
    const { rows } = await ask("listPeopleUsage", { ...days, where, sort: "name", order: "asc" });
    expect(rows.length).toBeLessThan(all.length);
    expect((await cellsOf(page, "People")).map(figuresOf)).toEqual(rows.map(written));
  });

  it("is shown as known on a past day, and a page that cannot look back says so", async () => {
    const { page, open, ask, days } = dashboard();
    // Before anything was recorded: the thirty days that end with it hold nobody's figures.
    const asOf = days.from;
    const from = new Date(Date.parse(asOf) - 29 * 86_400_000).toISOString().slice(0, 10);
    await open(`/people?as-of=${asOf}`);
    const { rows } = await ask("listPeopleUsage", { from, to: asOf, asOf, sort: "name", order: "asc", limit: 50 });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ lastActive }) => lastActive === null)).toBe(true);
    expect((await cellsOf(page, "People")).map(figuresOf)).toEqual(rows.map(written));
    expect(await page.getByText("names and teams are today's").count()).toBe(1);
    await open(`/settings?as-of=${asOf}`);
    await page.getByText(`not as known on ${formatDay(asOf)}`).waitFor();
  });

  it("keeps services and keys without an owner apart", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/people?who=service");
    const { rows, counts } = await ask("listPeopleUsage", { ...days, population: "service", limit: 50 });
    expect(counts.service).toBeGreaterThan(0);
    expect((await cellsOf(page, "Services")).map(([name]) => name)).toEqual(rows.map(({ name }) => name));
    expect(await page.getByRole("table", { name: "Services" }).getByRole("link").count()).toBe(0);
  });
});

describe("the page of a person", () => {
  it("shows their figures, who can see them, and is reached from the list", async () => {
    const { page, open, ask, days } = dashboard();
    const { rows } = await ask("listPeopleUsage", { ...days, sort: "sessions", limit: 1 });
    const { name, personId } = rows[0]!;
    await open("/people?sort=sessions");
    await page.getByRole("link", { name }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await settled(page);
    const usage = await ask("personUsage", { personId: personId!, ...days });
    const { figures, activeDays, byModel, whoCanSee } = usage;
    expect(await headline(page, "Sessions").innerText()).toBe(compact(figures.sessions, "sessions"));
    expect(await headline(page, "Active days").innerText()).toBe(compact(activeDays, "count"));
    expect(await headline(page, "Spend").innerText()).toBe(compact(figures.cost.estimated, "usd"));
    expect((await cellsOf(page, "Use by model")).map((cells) => cells.map((cell) => cell.trim()))).toEqual(
      byModel.map(({ model, tokens, cost }) => [model, exact(tokens, "tokens"), exact(cost.estimated, "usd")]),
    );
    for (const line of whoCanSee) await page.getByText(line).waitFor();
  });

  it("says that nobody has an id that it does not know", async () => {
    const { page, open, watched } = dashboard();
    await open("/people/p_000000000000");
    await page.getByText("Nobody has this id.").waitFor();
    watched.complaints.length = 0;
  });
});

describe("Erase, on the page of a person", () => {
  it("shows what is held, asks for their address in writing, and leaves the total as it was", async () => {
    const { page, open, ask, days } = dashboard();
    const question = { ...days, sort: "sessions", order: "desc" } as const;
    const before = await ask("listPeopleUsage", question);
    const { name, personId } = before.rows[1]!;
    const { people } = await ask("listPeople", {});
    const address = people.find((one) => one.personId === personId)!.emails[0]!;
    await open(`/people/${personId}`);
    await page.getByRole("button", { name: "See what is held" }).click();
    await page.getByRole("heading", { name: "What is held" }).waitFor();
    await page.getByText(/^claude_code: \d+ versions, recorded again/).waitFor();
    expect(await faultsOf(page, IN_BOTH_THEMES)).toEqual([]);

    await page.getByRole("button", { name: "Erase…" }).click();
    const dialog = page.getByRole("dialog", { name: "Erase this person" });
    const erase = dialog.getByRole("button", { name: "Erase", exact: true });
    await dialog.getByLabel(/^Write .+ to confirm$/).fill(name);
    expect(await erase.isDisabled()).toBe(true);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await ask("listPeopleUsage", question)).toMatchObject({ rows: before.rows });

    await page.getByRole("button", { name: "Erase…" }).click();
    await dialog.getByLabel(`Write ${address} to confirm`).fill(address);
    expect(await faultsOf(page, IN_BOTH_THEMES)).toEqual([]);
    await erase.click();
    await page.waitForURL(/\/people$/);
    await settled(page);
    const after = await ask("listPeopleUsage", question);
    expect(JSON.stringify(after)).not.toContain(address);
    expect(JSON.stringify(after)).not.toContain(name);
    const counted = ({ rows, total }: typeof after) => [total, rows.map(({ sessions, cost }) => [sessions, cost])];
    expect(counted(after)).toEqual(counted(before));
    expect((await cellsOf(page, "People")).flat().join("\n")).not.toContain(name);
  });

  it("is not offered to who may not change accounts", async () => {
    const { page, complaints, context } = await dashboard().viewer();
    const { rows } = await dashboard().ask("listPeopleUsage", { ...dashboard().days, limit: 1 });
    await page.goto(`${dashboard().url}/people/${rows[0]!.personId}`);
    await settled(page);
    expect(await page.getByRole("button", { name: "See what is held" }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("Teams", () => {
  it("lists them with the figures of the operation and a total that counts people once", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/teams");
    const { rows, total } = await ask("listTeams", { ...days, population: "humans" });
    const shown = (row: Omit<(typeof rows)[number], "team">) => [
      exact(row.people, "people"),
      exact(row.active, "people"),
      rate(row.adoption),
      exact(row.sessions, "sessions"),
      rate(row.acceptRate),
      exact(row.pullRequests, "count"),
      exact(row.cost, "usd"),
      exact(row.costPerActive, "usd"),
    ];
    const cells = (await cellsOf(page, "Teams")).map((row) => row.map((cell) => cell.trim()));
    expect(new Map(cells.map(([team, ...figures]) => [team, figures]))).toEqual(
      new Map(rows.map((row) => [labelOf(String(row.team), "team"), shown(row)])),
    );
    const foot = await page.getByRole("table", { name: "Teams" }).locator("tfoot td").allInnerTexts();
    expect(foot).toEqual(["Total", ...shown(total)]);
    const [team] = cells[0]!;
    await page.getByRole("link", { name: team!, exact: true }).click();
    await page.waitForURL(/\/people\?.*team=/);
  });
});

describe("Licences", () => {
  it("counts by state, and a protected licence is no longer reclaimable until its protection ends", async () => {
    const { page, open, ask } = dashboard();
    await open("/licences");
    const before = await ask("licences", {});
    expect(before.reclaimable).toBeGreaterThan(0);
    expect(await headline(page, "Could use it").innerText()).toBe(compact(before.eligible, "people"));
    expect(await headline(page, "Member adoption").innerText()).toBe(rate(before.utilisation.value));
    expect(await headline(page, "Reclaimable").innerText()).toBe(compact(before.reclaimable, "people"));
    const { people } = await ask("licencePeople", {});
    const names = people.filter(({ reclaimable }) => reclaimable).map(({ name }) => name);
    expect((await cellsOf(page, "Licences")).map(([name]) => name!.split("\n")[0])).toEqual(names);

    await page.getByRole("button", { name: `Protect ${names[0]}` }).click();
    await page.getByRole("combobox", { name: "Reason" }).fill("On leave");
    await page.getByRole("button", { name: "Protect", exact: true }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await settled(page);
    expect(await headline(page, "Reclaimable").innerText()).toBe(compact(before.reclaimable! - 1, "people"));
    await page.getByText(/^Protected 1$/).click();
    await page.getByRole("button", { name: `Change the protection of ${names[0]}` }).click();
    await page.getByRole("button", { name: "End the protection" }).click();
    await page.getByText("No licence is protected.").waitFor();
    await settled(page);
    expect(await headline(page, "Reclaimable").innerText()).toBe(compact(before.reclaimable, "people"));
  });
});

it("shows one's own use to everybody who is linked to a person", async () => {
  const { page, open, ask, days } = dashboard();
  await open("/my-usage");
  const { usage } = await ask("myUsage", days);
  expect(await headline(page, "Sessions").innerText()).toBe(compact(usage!.figures.sessions, "sessions"));
  expect(await headline(page, "Active days").innerText()).toBe(compact(usage!.activeDays, "count"));
  for (const line of usage!.whoCanSee) await page.getByText(line).waitFor();
});

it("tells who may not see individuals what is needed, and shows teams without the small ones' figures", async () => {
  const viewer = await dashboard().viewer();
  const { page, complaints, context } = viewer;
  for (const [path, said] of [
    ["/people", "Seeing individuals is a permission of its own"],
    ["/people/p_000000000000", "Figures of single people are shown to those with the permission"],
    ["/licences", "Who they are is shown to those with the permission"],
    ["/my-usage", "This account is not linked to a person."],
  ] as const) {
    await page.goto(`${dashboard().url}${path}`);
    await page.getByText(said).waitFor();
    await settled(page);
  }
  await page.goto(`${dashboard().url}/people`);
  await settled(page);
  const answer = await page.request.get(
    `${dashboard().url}/api/v1/list-teams?${new URLSearchParams({ ...dashboard().days, population: "humans" }).toString()}`,
  );
  const { rows } = (await answer.json()) as Output<"listTeams">;
  expect(rows.some(({ active }) => active === null)).toBe(true);
  expect(new Map((await cellsOf(page, "Teams")).map(([team, , active]) => [team, active?.trim().charAt(0)]))).toEqual(
    new Map(rows.map(({ team, active }) => [labelOf(String(team), "team"), exact(active, "people").charAt(0)])),
  );
  expect(await page.getByRole("table", { name: "People" }).count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

it.each(["/people", "/people/:id", "/teams", "/licences", "/my-usage"])(
  "%s has no serious finding, wide and light or narrow and dark, and does not scroll sideways",
  async (path) => {
    const { page, open, ask, days } = dashboard();
    const { rows } = await ask("listPeopleUsage", { ...days, sort: "sessions", limit: 1 });
    await open(path.replace(":id", String(rows[0]!.personId)));
    expect(
      await faultsOf(page, [
        ["light", 1440],
        ["dark", 390],
      ]),
    ).toEqual([]);
  },
);

describe("a roster", () => {
  const HEADER = "email,name,team\n";

  it("is not loaded while a line of it cannot be read", async () => {
    const { page, open } = dashboard();
    await open("/people");
    await page.getByRole("button", { name: "Load a roster" }).click();
    await page.getByRole("textbox", { name: "People" }).fill(`${HEADER}no-address,Ada,Platform\n`);
    await page.getByRole("button", { name: "Preview the changes" }).click();
    await page.getByText("1 line cannot be read").waitFor();
    expect(await cellsOf(page, "Lines that cannot be read")).toEqual([
      ["Line 2", "email", "is no e-mail address", "Separate several addresses by a semicolon."],
    ]);
    expect(await page.getByRole("button", { name: /^Make / }).count()).toBe(0);
  });

  it("of 5,000 people is previewed, loaded, and listed part by part", async () => {
    const { page, open, ask, days } = dashboard();
    const { people } = await ask("listPeople", {});
    const kept = people.filter(({ inRoster }) => inRoster).slice(1);
    const lines = [
      ...kept.map(({ emails, name }) => `${emails.join("; ")},${name},Everybody`),
      ...Array.from({ length: 5_000 }, (_, at) => `invented-${at}@example.com,Invented ${at} שירה,Team ${at % 40}`),
    ];
    await open("/people");
    await page.getByRole("button", { name: "Load a roster" }).click();
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: "roster.csv", mimeType: "text/csv", buffer: Buffer.from(HEADER + lines.join("\n")) });
    await page.getByText("roster.csv").waitFor();
    await page.getByRole("button", { name: "Preview the changes" }).click();
    await page.getByRole("tab", { name: "Added 5,000" }).waitFor();
    await page.getByRole("tab", { name: `Changed ${kept.length}` }).waitFor();
    await page.getByRole("tab", { name: "Removed 1" }).click();
    await page.getByText("One person leaves the roster.").waitFor();
    expect((await ask("listPeople", {})).people.length).toBe(people.length);
    await page.getByRole("button", { name: /^Make / }).click();
    await page.getByText("5000 added").or(page.getByText("5,000 added")).waitFor();
    await page.getByRole("button", { name: "See the people" }).click();
    await settled(page);
    const question = { ...days, sort: "name", order: "asc", limit: 50 } as const;
    const { total } = await ask("listPeopleUsage", question);
    expect(total).toBeGreaterThan(5_000);
    await page.getByText(`${exact(total, "count")} rows`).waitFor();
    await page.getByRole("button", { name: "Next page" }).click();
    await page.waitForURL(/at=50/);
    await settled(page);
    const { rows } = await ask("listPeopleUsage", { ...question, offset: 50 });
    expect((await cellsOf(page, "People")).map(figuresOf)).toEqual(rows.map(written));
    expect(await sidewaysOverflow(page)).toBe(0);
  });
});

it("leaves the browser nothing to complain about", () => {
  expect(dashboard().watched.complaints).toEqual([]);
});
