import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";

import { callWith, clientOf } from "../../support/mcp.ts";
import { chooseTheme, seriousFindings, sidewaysOverflow } from "../axe.ts";
import { settled, watchedPage } from "../browser.ts";
import { cellsOf, dashboardOfFile } from "../dashboard.ts";

const TOOL = "claude_code_create_invite";

const dashboard = dashboardOfFile({ writes: true });

/** An assistant of the administrator's that can show no question, with the tool that invites. */
async function assistant() {
  const { url, order } = dashboard();
  const { token } = await order("createToken", { name: "assistant", scopes: ["read", "people", "manage"] });
  const client = clientOf({});
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
  return { client, invite: (input: Readonly<Record<string, unknown>>) => callWith(client, TOOL, input) };
}

describe("a change from a list", () => {
  it("shows the dry run before anything is sent, and what became of it afterwards", async () => {
    const { page, open, ask } = dashboard();
    await open("/members");
    await page.getByRole("button", { name: "Invite somebody" }).click();
    const dialog = page.getByRole("dialog", { name: "Invite somebody" });
    await dialog.getByRole("textbox", { name: "E-mail" }).fill("jane@example.com");
    await page.keyboard.press("Enter");
    await dialog.getByText("Nothing has been sent.").waitFor();
    expect(await dialog.locator("pre").innerText()).toBe(
      'POST /v1/organizations/invites\n{\n  "email": "jane@example.com",\n  "role": "claude_code_user"\n}',
    );
    const before = await ask("listInvites", {});
    expect(before.rows.some(({ email }) => email === "jane@example.com")).toBe(false);
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Approve and carry out" }).click();
    await dialog.getByText("Done, and found as planned").waitFor();
    expect(await dialog.innerText()).toMatch(/status 200 · request req_/);
    await dialog.locator(".change-decide").getByRole("button", { name: "Close" }).click();
    // The record follows with the sync that a change leads to.
    const invited = async () => (await ask("listInvites", {})).rows.find(({ email }) => email === "jane@example.com");
    await expect.poll(async () => (await invited())?.status).toBe("pending");
  });

  it("changes nothing when it is called off, or cannot be", async () => {
    const { page, open, ask, watched } = dashboard();
    await open("/keys");
    const statuses = (await ask("listApiKeys", {})).statuses;
    await page
      .getByRole("button", { name: /^Change key/ })
      .first()
      .click();
    await page.getByRole("menuitem", { name: "Deactivate…" }).click();
    const dialog = page.getByRole("dialog", { name: /^Deactivate key/ });
    await dialog.getByText(/Whatever uses it fails from then on/).waitFor();
    await dialog.getByRole("button", { name: "Call it off" }).click();
    await dialog.getByText("It was called off.").waitFor();
    expect((await ask("listApiKeys", {})).statuses).toEqual(statuses);

    await open("/members?show=admin");
    await page
      .getByRole("button", { name: /^Change / })
      .first()
      .click();
    await page.getByRole("menuitem", { name: "Remove…" }).click();
    await page.getByRole("dialog").getByRole("alert").getByText("Nothing was changed.").waitFor();
    expect(watched.complaints.splice(0).every((one) => one.includes("409"))).toBe(true);
  });

  it("leads to a workspace's members and limits, and offers to add somebody", async () => {
    const { page, open, ask } = dashboard();
    await open("/workspaces");
    await page.getByRole("button", { name: "Change workspace Checkout service" }).click();
    await page.getByRole("menuitem", { name: "Members and limits" }).click();
    await page.getByRole("heading", { level: 1, name: "Checkout service" }).waitFor();
    await settled(page);
    const id = new URL(page.url()).pathname.split("/").at(-1)!;
    const rows = await cellsOf(page, "Members of the workspace");
    const users = (await ask("adminPeople", { kind: "workspace_members", workspace: id })).rows;
    expect(rows.length).toBe(users.length);
    expect((await cellsOf(page, "Rate limits of the workspace")).length).toBeGreaterThan(0);
    await page.getByRole("button", { name: "Add a member" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a member to Checkout service" });
    await dialog.getByLabel("Member", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
  });
});

describe("what an assistant planned", () => {
  it("is opened after signing in, approved by its person, and then carried out by the assistant", async () => {
    const { url, order, browser, ask } = dashboard();
    const { client, invite } = await assistant();
    const input = { email: "planned@example.com", role: "developer" };
    const { data } = await invite(input);
    const approveAt = String(data["approveAt"]);
    const id = approveAt.split("/").at(-1)!;
    expect(approveAt).toBe(`${url}/changes/${id}`);

    const { link } = await order("inviteAccount", { email: "second@example.com", role: "admin", people: true });
    const signedOut = await watchedPage(browser);
    const { page, context } = signedOut;
    const password = "velvet tractor lagoon mitten 9";
    await page.request.post(`${url}/auth/link`, { headers: { origin: url }, data: { token: link?.token, password } });
    await context.clearCookies();
    await page.goto(approveAt);
    await page.waitForURL(/\/sign-in\?next=/);
    await page.getByRole("textbox", { name: "E-mail" }).fill("second@example.com");
    await page.locator("input[name=password]").fill(password);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${url}/changes/${id}`);
    await settled(page);
    const main = page.locator("main");
    expect(await main.innerText()).toMatch(/the assistant that planned it carries it out/);
    expect(await main.innerText()).toMatch(/through an assistant/);
    expect(await main.getByRole("timer").innerText()).toMatch(/^[0-4]:\d\d left$|^5:00 left$/);
    await main.getByRole("button", { name: "Approve", exact: true }).click();
    await main.getByText("Approved. Nothing has been sent yet").waitFor();
    expect((await ask("getChange", { id })).state).toBe("approved");

    await invite({ ...input, confirmation: data["confirmation"] });
    await main.getByText("Done, and found as planned").waitFor();
    await main
      .getByRole("list", { name: "In the ledger" })
      .getByText(/^Changed something/)
      .waitFor();
    const { leaves, decision } = await ask("getChange", { id });
    expect([decision?.answer, decision?.how, decision?.name]).toEqual(["approved", "dashboard", "second"]);
    expect(leaves.map(({ event }) => event)).toEqual([
      "change.planned",
      "change.approved",
      "change.executing",
      "change.done",
    ]);
    await main.getByRole("link", { name: `leaf ${leaves.at(-1)!.index}` }).click();
    await page.waitForURL(/view=prove&leaf=/);
    await context.close();
    await client.close();
  });

  it("is declined, and listed with who planned and who declined it", async () => {
    const { page, open } = dashboard();
    const { client, invite } = await assistant();
    const input = { email: "declined@example.com", role: "user" };
    const { data } = await invite(input);
    await open("/changes?show=waiting");
    await page
      .getByRole("table", { name: "Changes" })
      .getByRole("link", { name: /declined@/ })
      .click();
    await page.waitForURL(/\/changes\/c_/);
    await page.getByRole("button", { name: "Decline" }).click();
    await page.getByText("It was called off.").waitFor();
    await open("/changes?show=not_done");
    const [first = []] = await cellsOf(page, "Changes");
    expect(first.map((cell) => cell.trim().replaceAll("\n", " "))).toEqual([
      expect.stringMatching(/declined@example\.com$/),
      "Declined",
      "Is made",
      "assistant through an assistant",
      "Demo admin declined",
      expect.stringMatching(/UTC$/),
    ]);
    const again = await invite({ ...input, confirmation: data["confirmation"] });
    expect(again.isError).toBe(true);
    await client.close();
  });

  it("is nothing to decide for an account that may not manage", async () => {
    const { url } = dashboard();
    const { page, context, complaints } = await dashboard().viewer();
    await page.goto(`${url}/changes/c_0123456789abcdef`);
    await page.getByText("Not yours to decide").waitFor();
    await page.goto(`${url}/off-boarding`);
    await page.getByText("Off-boarding needs two permissions").waitFor();
    await page.goto(`${url}/keys`);
    await settled(page);
    expect(await page.getByRole("button", { name: /^Change key/ }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("off-boarding", () => {
  it("shows what somebody has, does what was ticked under one approval, and looks again", async () => {
    const { page, open, ask } = dashboard();
    const { rows: members } = await ask("listMembers", { limit: 500 });
    const { rows: keys } = await ask("listApiKeys", { limit: 500 });
    const leaver = members.find(
      ({ role, userId }) => role !== "admin" && keys.some(({ creator }) => creator.id === userId),
    )!;
    await open("/members");
    await page.getByRole("button", { name: `Change ${leaver.listed.name}`, exact: true }).click();
    await page.getByRole("menuitem", { name: "Off-board…" }).click();
    await page.getByRole("checkbox", { name: `Remove ${leaver.listed.name} from the organization` }).waitFor();
    const plan = await ask("offboardPlan", { person: leaver.userId });
    expect(await page.getByRole("checkbox", { name: /^Deactivate key/ }).count()).toBe(plan.keys.length);
    // Besides what is proposed, one that is in use: somebody took it over.
    const inUse = plan.keys.filter(
      ({ status, diesWithMembership, isProposed }) => status === "active" && !diesWithMembership && !isProposed,
    );
    for (const { name, hint } of inUse)
      await page.getByRole("checkbox", { name: `Deactivate key ${name} (${hint})` }).check();
    await page.getByRole("button", { name: "See what would happen" }).click();
    await page.waitForURL(/\/changes\/c_/);
    await page.getByRole("button", { name: "Approve and carry out" }).click();
    await page.getByText("Everything was looked at again afterwards").waitFor();
    expect((await ask("listMembers", { limit: 500 })).rows.some(({ userId }) => userId === leaver.userId)).toBe(false);
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save the summary" }).click();
    const summary = await (await waiting).createReadStream();
    let text = "";
    for await (const part of summary) text += String(part);
    expect(text).toMatch(/State: Done\n/);
    expect(text).toMatch(/Looked at again afterwards/);
    expect(text).toContain(`DELETE /v1/organizations/users/${leaver.userId}`);
    await page.getByRole("link", { name: "Check again what they have" }).click();
    await page.getByText("They are no member of this organization.").waitFor();
  });
});

it("has no serious finding on the new pages, and does not scroll sideways, in either theme", async () => {
  const { page, open, ask } = dashboard();
  const { rows } = await ask("listChanges", {});
  const { rows: workspaces } = await ask("listWorkspaces", {});
  const { rows: members } = await ask("listMembers", { role: "developer" });
  const workspace = workspaces.find(({ isDefault }) => !isDefault)?.id;
  const paths = [
    "/changes",
    `/changes/${rows[0]?.id}`,
    `/workspaces/${workspace}`,
    `/off-boarding?person=${members[0]?.userId}`,
  ];
  for (const path of paths) {
    await open(path);
    for (const theme of ["light", "dark"] as const) {
      await chooseTheme(page, theme);
      await settled(page);
      expect(await seriousFindings(page), path).toEqual([]);
      for (const width of [360, 2560]) {
        await page.setViewportSize({ width, height: 844 });
        expect(await sidewaysOverflow(page), `${path} at ${width}`).toBe(0);
      }
      await page.setViewportSize({ width: 1440, height: 900 });
    }
  }
  expect(dashboard().watched.complaints).toEqual([]);
}, 60_000);
