import { describe, expect, it } from "vitest";

import { compact, exact, rate } from "../../../src/web/format/index.ts";
import { faultsOf, IN_BOTH_THEMES } from "../axe.ts";
import { settled } from "../browser.ts";
import { cellsOf, dashboardOfFile, headline } from "../dashboard.ts";

const PATHS = ["/workspaces", "/keys", "/keys?view=owners", "/members", "/members?view=invites"];

const dashboard = dashboardOfFile();

/** The first line of each first cell: the name, without what stands below it. */
async function namesOf(label: string): Promise<string[]> {
  return (await cellsOf(dashboard().page, label)).map(([first = ""]) => first.split("\n")[0] ?? "");
}

describe("Workspaces", () => {
  it("shows the figures of the answer, the costliest first", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/workspaces");
    const { rows, total } = await ask("listWorkspaces", days);
    expect(await headline(page, "Spend").innerText()).toBe(compact(total.cost, "usd"));
    // The default workspace has two names upstream, and is one.
    expect(rows.filter(({ id, isDefault }) => isDefault || !id).length).toBe(1);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    const shown = await cellsOf(page, "Workspaces");
    expect(shown.map((cells) => [cells[0]?.split("\n")[0], cells[1]?.trim()])).toEqual(
      rows.map(({ name, cost }) => [name, exact(cost, "usd")]),
    );
  });

  it("sorts by members, and leads to what a workspace cost", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/workspaces");
    await page.getByRole("button", { name: "Members" }).click();
    const { rows } = await ask("listWorkspaces", days);
    const [most] = rows.toSorted((a, b) => (b.members ?? -1) - (a.members ?? -1));
    expect((await namesOf("Workspaces"))[0]).toBe(most?.name);
    await page
      .getByRole("table", { name: "Workspaces" })
      .getByRole("link", { name: most?.name ?? "" })
      .click();
    await page.waitForURL(/\/spend\?.*workspace=/);
  });
});

describe("API keys", () => {
  it("counts what wants care, and lists just those on a click", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/keys");
    const { rows, flags, statuses } = await ask("listApiKeys", { ...days, limit: 5000 });
    const active = statuses.find(({ status }) => status === "active")?.keys ?? 0;
    expect(await headline(page, "Active keys").innerText()).toBe(compact(active, "count"));
    const unowned = flags.find(({ flag }) => flag === "no_owner")?.keys ?? 0;
    expect(unowned).toBeGreaterThan(0);
    expect(await headline(page, "Without an owner").innerText()).toBe(compact(unowned, "count"));
    await page.getByRole("button", { name: /No owner/ }).click();
    await page.waitForURL(/flag=no_owner/);
    const found = rows.filter(({ status, flags }) => status === "active" && flags.includes("no_owner"));
    expect((await namesOf("API keys")).toSorted()).toEqual(found.map(({ name }) => name).toSorted());
  });

  it("gives tokens of the range for each key", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/keys?show=all");
    await page.getByRole("columnheader", { name: "Tokens" }).getByRole("button").click();
    const { rows } = await ask("listApiKeys", { ...days, sort: "tokens", limit: 1 });
    expect(Number(rows[0]?.tokens)).toBeGreaterThan(0);
    expect(
      (await cellsOf(page, "API keys"))[0]?.some((cell) => cell.trim() === exact(rows[0]?.tokens ?? null, "tokens")),
    ).toBe(true);
  });

  it("shows who owns what, the largest amount without an owner first, and gives it one", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/keys?view=owners");
    const before = await ask("listKeyOwners", { ...days, limit: 5000 });
    expect(await headline(page, "Cost with owner").innerText()).toBe(rate(before.mapping.cost.share));
    expect(await headline(page, "Tokens with owner").innerText()).toBe(rate(before.mapping.tokens.share));
    const [first] = before.rows;
    expect(first?.owner.kind).toBe("unmapped");
    expect((await namesOf("Owners of keys"))[0]).toBe(first?.label.replace("key: ", ""));

    await page
      .getByRole("button", { name: `Name the owner of ${first?.label}` })
      .first()
      .click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("A service").click();
    await dialog.getByRole("textbox", { name: "Name of the service" }).fill("Review robots");
    await dialog.getByRole("button", { name: "Set the owner" }).click();
    await dialog.waitFor({ state: "detached" });
    await settled(page);
    const after = await ask("listKeyOwners", { ...days, limit: 5000 });
    expect(after.mapping.keys.unmapped).toBe(before.mapping.keys.unmapped - 1);
    expect(after.mapping.cost.share).toBeGreaterThan(before.mapping.cost.share ?? 1);
    await expect.poll(() => headline(page, "Cost with owner").innerText()).toBe(rate(after.mapping.cost.share));
  });

  it("says what is wrong with a file of owners, and changes nothing", async () => {
    const { page, open, ask, days } = dashboard();
    await open("/keys?view=owners");
    const before = await ask("listKeyOwners", { ...days, limit: 5000 });
    await page.getByRole("button", { name: "Load owners", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "The file" }).fill("actor,person,service\nkey:x,nobody@x.example,\n");
    await dialog.getByRole("button", { name: "Load owners", exact: true }).click();
    await dialog.getByRole("alert").getByText("line 2, person").waitFor();
    await page.keyboard.press("Escape");
    expect(await ask("listKeyOwners", { ...days, limit: 5000 })).toEqual(before);
    dashboard().watched.complaints.length = 0;
  });
});

describe("Members and invites", () => {
  it("lists members with what is odd about them", async () => {
    const { page, open, ask } = dashboard();
    await open("/members");
    const { rows, flags } = await ask("listMembers", { limit: 5000 });
    expect(await headline(page, "Members").innerText()).toBe(compact(rows.length, "people"));
    const idle = flags.find(({ flag }) => flag === "never_active")?.members ?? 0;
    expect(await headline(page, "Never active").innerText()).toBe(compact(idle, "people"));
    expect(await namesOf("Members")).toEqual(rows.map(({ listed }) => listed.name));
    await page.getByText(/^Admin \d+$/).click();
    await page.waitForURL(/show=admin/);
    expect((await namesOf("Members")).length).toBe(rows.filter(({ role }) => role === "admin").length);
  });

  it("lists invitations", async () => {
    const { page, open, ask } = dashboard();
    await open("/members");
    await page.getByRole("tab", { name: "Invitations" }).click();
    await page.waitForURL(/view=invites/);
    const { rows } = await ask("listInvites", {});
    expect(rows.length).toBeGreaterThan(0);
    expect((await namesOf("Invitations")).toSorted()).toEqual(
      rows.map(({ name, email, inviteId }) => name ?? email ?? inviteId).toSorted(),
    );
  });
});

it("offers no change where writing is switched off, and says what switches it on", async () => {
  const { page, open } = dashboard();
  for (const path of ["/members", "/keys", "/workspaces"]) {
    await open(path);
    expect(await page.getByRole("button", { name: /^(Change|Invite|Create) / }).count()).toBe(0);
  }
  for (const path of ["/changes", "/off-boarding"]) {
    await open(path);
    expect(await page.locator("main").innerText()).toContain("BURSAR_ALLOW_WRITES=1");
  }
});

it("names nobody to an account that may not see single people", async () => {
  const { url, ask } = dashboard();
  const { rows } = await ask("listMembers", { limit: 5000 });
  const names = rows.flatMap(({ email, listed }) => [listed.name, ...(email === null ? [] : [email])]);
  const { page, context, complaints } = await dashboard().viewer();
  for (const path of PATHS) {
    await page.goto(`${url}${path}`);
    await settled(page);
    const text = await page.locator("main").innerText();
    expect(names.filter((name) => text.includes(name))).toEqual([]);
    if (path.startsWith("/members")) expect(text).toContain("may not see single people");
    if (path === "/keys") expect(text).toMatch(/counted and not listed/);
  }
  expect(complaints).toEqual([]);
  await context.close();
});

it.each(PATHS)("%s has no serious finding, and does not scroll sideways, in either theme", async (path) => {
  const { page, open } = dashboard();
  await open(path);
  expect(await faultsOf(page, IN_BOTH_THEMES)).toEqual([]);
  expect(dashboard().watched.complaints).toEqual([]);
});
