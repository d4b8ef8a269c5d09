import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { describe, expect, it } from "vitest";

import { seriousFindings } from "../axe.ts";
import { settled } from "../browser.ts";
import { dashboardOfFile } from "../dashboard.ts";

const dashboard = dashboardOfFile({ writes: true });

const main = () => dashboard().page.locator("main");
const dialog = () => dashboard().page.getByRole("dialog");

/** What the emulator holds now. */
const directory = () => dashboard().emulator.world.directory;
const writes = () => dashboard().emulator.requests.filter(({ method }) => method !== "GET").length;

async function invite(email: string): Promise<void> {
  const { page, open } = dashboard();
  await open("/members");
  await page.getByRole("button", { name: "Invite somebody" }).click();
  await dialog().getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.keyboard.press("Enter");
  await dialog().getByText("Nothing has been sent.").waitFor();
}

const carryOut = () => dialog().getByRole("button", { name: "Approve and carry out" }).click();

describe("a change", () => {
  it("that nobody decided in time says so, and can be planned again", async () => {
    const { page, open, order, data } = dashboard();
    const asked = { kind: "invite_member", arguments: { email: "late@example.com", role: "user" } };
    const { change } = await order("planChange", asked);
    // Five minutes later, without waiting for them.
    const file = new DatabaseSync(join(data, "bursar.db"), { timeout: 20_000 });
    const past = file.prepare("update changes set expires_ms = planned_ms where change_id = ?").run(change.id);
    file.close();
    expect(past.changes).toBe(1);
    const before = writes();
    await open(`/changes/${change.id}`);
    await main()
      .getByText(/never will be. Nothing was sent/)
      .waitFor();
    expect(
      await main()
        .getByRole("button", { name: /Approve|Decline|Call it off/ })
        .count(),
    ).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    await main().getByRole("button", { name: "Plan it again" }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(change.id));
    await main().getByText("Nothing has been sent.").waitFor();
    await main().getByRole("button", { name: "Call it off" }).click();
    await main().getByText("It was called off.").waitFor();
    expect(writes()).toBe(before);
  });

  it("that Anthropic refuses tells its reason and request, and that nothing was changed", async () => {
    const { page, emulator, ask } = dashboard();
    await invite("refused@example.com");
    await emulator.faults.add({ id: "W02", params: { status: 400, code: "org_member_limit_exceeded" } });
    await carryOut();
    await dialog().getByText("Nothing was changed. The reason stands below").waitFor();
    const said = await dialog().innerText();
    expect(said).toMatch(/Anthropic refused the change.*as many members as it may/s);
    expect(said).toMatch(/status 400 · org_member_limit_exceeded · request req_/);
    expect(await seriousFindings(page)).toEqual([]);
    const { rows } = await ask("listChanges", {});
    expect(rows[0]?.state).toBe("refused");
    // The page of the same change tells the same.
    await dashboard().open(`/changes/${rows[0]!.id}`);
    expect(await main().innerText()).toMatch(/org_member_limit_exceeded/);
    await main().getByRole("button", { name: "Plan it again" }).waitFor();
    expect(directory().invites.some(({ email }) => email === "refused@example.com")).toBe(false);
  });

  it("of which no answer tells stays unknown until somebody looks again, and is never sent twice", async () => {
    const { page, open, emulator, ask } = dashboard();
    const user = directory().users.find(({ role }) => role === "developer")!;
    await open("/members");
    await page
      .getByRole("button", { name: `Change ${user.name}`, exact: true })
      .first()
      .click();
    await page.getByRole("menuitem", { name: "Change the role…" }).click();
    await dialog().getByLabel("Role").selectOption("user");
    await dialog().getByRole("button", { name: "See what would happen" }).click();
    await dialog().getByText("Nothing has been sent.").waitFor();
    await emulator.faults.add({ id: "W01", params: { effect: "done", answer: "cut" } });
    const path = `^/v1/organizations/users/${user.id}$`;
    // The look right before it is sent goes well; those after it do not.
    const broken = await emulator.faults.add({ id: "F13", match: path, after: 2 });
    const before = writes();
    await carryOut();
    await dialog().getByText("Nobody knows yet whether it happened").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await broken.remove();
    const { rows } = await ask("listChanges", {});
    await open(`/changes/${rows[0]!.id}`);
    await main().getByRole("button", { name: "Look again" }).click();
    await main().getByText("Done, and found as planned").waitFor();
    expect(await main().innerText()).toContain("found by looking");
    expect([writes() - before, user.role]).toEqual([1, "user"]);
  });

  it("of several steps that is done in part says of each step whether it is", async () => {
    const { page, open, emulator, ask } = dashboard();
    const { rows: members } = await ask("listMembers", { limit: 500 });
    const { rows: keys } = await ask("listApiKeys", { limit: 500 });
    const made = (id: string) => keys.filter(({ creator, status }) => creator.id === id && status === "active");
    const leaver = members.find(({ role, userId }) => role !== "admin" && made(userId).length > 0)!;
    await open(`/off-boarding?person=${leaver.userId}`);
    await page.getByRole("checkbox", { name: `Remove ${leaver.listed.name} from the organization` }).waitFor();
    for (const box of await page.getByRole("checkbox", { name: /^Deactivate key/ }).all())
      if (await box.isEnabled()) await box.check();
    await page.getByRole("button", { name: "See what would happen" }).click();
    await page.waitForURL(/\/changes\/c_/);
    await emulator.faults.add({ id: "W02", match: `/users/${leaver.userId}$` });
    await main().getByRole("button", { name: "Approve and carry out" }).click();
    await main().getByText("Some steps are done and some are not").waitFor();
    await settled(page);
    const steps = await main().locator(".change-step header").allInnerTexts();
    expect(steps.some((step) => /^\d\. Remove a member.*Refused$/s.test(step))).toBe(true);
    expect(steps.some((step) => step.endsWith("Done"))).toBe(true);
    expect(await main().innerText()).toMatch(/What is left:[^]*is still a member/);
    expect(await seriousFindings(page)).toEqual([]);
    expect(directory().users.some(({ id }) => id === leaver.userId)).toBe(true);
  });
});

describe("on the page of a workspace", () => {
  const place = () => directory().workspaces.find(({ name }) => name === "Checkout service")!;

  /** Opens the page, chooses an action there, and carries it out. */
  async function does(choose: () => Promise<void>, fill: () => Promise<void> = async () => {}): Promise<string> {
    const { open, page } = dashboard();
    await open(`/workspaces/${place().id}`);
    await choose();
    await fill();
    const see = dialog().getByRole("button", { name: "See what would happen" });
    if (await see.isVisible()) await see.click();
    await dialog().getByText("Nothing has been sent.").waitFor();
    await carryOut();
    await dialog().getByText("Done, and found as planned").waitFor();
    const said = await dialog().innerText();
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    return said;
  }

  const rowAction = async (name: string, verb: string) => {
    const { page } = dashboard();
    await page.getByRole("button", { name, exact: true }).click();
    await page.getByRole("menuitem", { name: verb }).click();
  };

  it("a member is added, given another role, and removed", async () => {
    const { page } = dashboard();
    const isThere = (id: string) =>
      directory().members.find(({ user_id: who, workspace_id: at }) => who === id && at === place().id)?.workspace_role;
    const somebody = directory().users.find(({ id, role }) => role === "developer" && isThere(id) === undefined)!;
    await does(
      () => page.getByRole("button", { name: "Add a member" }).click(),
      async () => {
        await dialog().getByLabel("Member", { exact: true }).fill(somebody.email);
        await page.getByRole("option", { name: new RegExp(somebody.email) }).click();
        await dialog().getByLabel("Role there").selectOption("workspace_user");
      },
    );
    expect(isThere(somebody.id)).toBe("workspace_user");
    const row = `Change ${somebody.name}`;
    const said = await does(
      () => rowAction(row, "Change the role…"),
      async () => void (await dialog().getByLabel("Role there").selectOption("workspace_restricted_developer")),
    );
    expect(said).toMatch(/Workspace role\s*\(changes\)?/i);
    expect(isThere(somebody.id)).toBe("workspace_restricted_developer");
    await does(() => rowAction(row, "Remove from the workspace…"));
    expect(isThere(somebody.id)).toBeUndefined();
  });

  it("a rate limit is set, and taken back by leaving it empty", async () => {
    const { page } = dashboard();
    const own = () => directory().workspaceRateLimits.filter(({ workspace_id: at }) => at === place().id);
    const button = page.getByRole("button", { name: /^Change limits of / }).first();
    const first = () => dialog().getByRole("textbox").first();
    const choose = async () => {
      await button.click();
      await page.getByRole("menuitem", { name: "Change the limits…" }).click();
    };
    await does(choose, () => first().fill("7"));
    expect(own().flatMap(({ limits }) => limits.map(({ value }) => value))).toContain(7);
    await does(choose, () => first().fill(""));
    expect(own().flatMap(({ limits }) => limits.map(({ value }) => value))).not.toContain(7);
  });

  it("its name and colour are changed", async () => {
    const { page } = dashboard();
    const { id } = place();
    await does(
      () => page.getByRole("button", { name: "Change", exact: true }).click(),
      async () => {
        await dialog().getByLabel("Name").fill("Payments");
        await dialog().getByLabel("Colour").fill("#123ABC");
      },
    );
    const now = directory().workspaces.find((one) => one.id === id)!;
    expect([now.name, now.display_color]).toEqual(["Payments", "#123ABC"]);
  });
});

it("is not complained about by the browser", () => {
  expect(dashboard().watched.complaints).toEqual([]);
});
