import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { askMcp, register } from "../../support/oauth-flow.ts";
import { faultsOf, seriousFindings, sidewaysOverflow } from "../axe.ts";
import { settled, watchedPage, type Watched } from "../browser.ts";
import { makeFirstAccount, PASSWORD, startNewcomer, type FreshServer, type Newcomer } from "../fresh-server.ts";
import { waitingAssistant } from "../waiting-assistant.ts";

const NEXT_PASSWORD = "seven slow copper rivers";

let newcomer: Newcomer;
let browser: Browser;
let fresh: FreshServer;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  newcomer = await startNewcomer({ people: 2, days: 2 });
  ({ browser, fresh, watched, page } = newcomer);
  await makeFirstAccount(newcomer);
}, 180_000);

afterAll(() => newcomer?.close());

const open = async (tab: string) => {
  await page.goto(`${fresh.url}/settings?tab=${tab}`);
  await page.getByRole("navigation", { name: "Settings" }).waitFor();
  await settled(page);
};

async function settings(): Promise<Record<string, unknown>> {
  const answer = await page.request.get(`${fresh.url}/api/v1/get-settings`);
  return ((await answer.json()) as { settings: Record<string, unknown> }).settings;
}

describe("a setting", () => {
  it("is saved, and shown as it is afterwards", async () => {
    await open("licences");
    await page.getByLabel("Price of a seat in a month, in USD").fill("32.50");
    await page.getByLabel("A seat is idle after").selectOption("60");
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(settings).toMatchObject({ seatPriceUsd: "32.50", idleDays: 60, graceDays: 14 });
    await page.reload();
    await expect.poll(() => page.getByLabel("Price of a seat in a month, in USD").inputValue()).toBe("32.50");
  });

  it("is taken back to nothing", async () => {
    await page.getByLabel("Price of a seat in a month, in USD").fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(settings).toMatchObject({ seatPriceUsd: null });
  });

  it("that cannot be is refused in words, and nothing is changed", async () => {
    await open("budget");
    await page.getByLabel("Budget of a month, in USD").fill("a lot");
    await page.getByRole("button", { name: "Save" }).click();
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/is no amount.*Nothing was changed\./);
    expect(await settings()).toMatchObject({ budgetMonthlyUsd: null });
  });

  it("decides how people appear", async () => {
    await open("privacy");
    await page.getByRole("radio", { name: "Under a pseudonym" }).check();
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(settings).toMatchObject({ "privacy.mode": "pseudonymous" });
  });
});

describe("a budget", () => {
  it("of a part of the organization is added, refused where there is none, changed, and deleted", async () => {
    await open("budget");
    const add = page.getByRole("button", { name: "Add a budget" });
    await add.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    // Whoever has no mouse is where they were.
    await expect.poll(() => add.evaluate((button) => button === document.activeElement)).toBe(true);
    await add.click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Nobody a week");
    await dialog.getByLabel("Of", { exact: true }).selectOption("team");
    const which = dialog.getByRole("combobox", { name: "Which one" });
    await which.fill("Reserch");
    await dialog.getByLabel("Amount, in USD").fill("250");
    await dialog.getByLabel("Every").selectOption("week");
    await dialog.getByLabel("Told at, in per cent").fill("80, 100");
    await dialog.getByLabel("What is expected by the end").check();
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("There is no team Reserch.").waitFor();
    await which.fill("");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("table", { name: "Budgets" }).getByText("No team").waitFor();
    await page.getByRole("button", { name: "Change Nobody a week" }).click();
    await dialog.getByLabel("Amount, in USD").fill("300");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    const answer = await page.request.get(`${fresh.url}/api/v1/list-budgets`);
    const { budgets } = (await answer.json()) as { budgets: object[] };
    expect(budgets).toMatchObject([
      {
        scope: "team",
        value: null,
        period: "week",
        amountUsd: "300",
        thresholds: [80, 100],
        basis: ["actual", "forecast"],
      },
    ]);
    await page.getByRole("button", { name: "Delete Nobody a week" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("There is no budget yet.").waitFor();
  });
});

describe("retention", () => {
  it("says what it would do before it is decided, and can be taken back before it did anything", async () => {
    await open("retention");
    await page.getByText("Identities are kept for ever.").waitFor();
    const days = page.getByLabel("Days that identities are kept");
    await days.fill("365");
    await page.getByRole("button", { name: "See what it would do" }).click();
    await page.getByText("Every sum stays as it is").waitFor();
    expect(await settings()).toMatchObject({ "retention.identityDays": null });
    expect(await seriousFindings(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    await page.getByRole("button", { name: "Keep identities for 365 days" }).click();
    await expect.poll(settings).toMatchObject({ "retention.identityDays": 365 });
    await page.getByText("Identities are kept for 365 days.").waitFor();
    await page.getByRole("button", { name: "Keep for ever from now on" }).click();
    await expect.poll(settings).toMatchObject({ "retention.identityDays": null });
  });
});

describe("accounts", () => {
  let viewer: Watched;

  it("are invited by a link that is shown once", async () => {
    await open("accounts");
    await page.getByRole("button", { name: "Invite somebody" }).click();
    await page.getByLabel("E-mail").fill("grace@example.com");
    await page.getByRole("textbox", { name: "Name" }).fill("Grace Hopper");
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    const link = await page.locator(".copy-once code").textContent();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: "Grace Hopper" }).waitFor();
    viewer = await watchedPage(browser);
    await viewer.page.goto(link!);
    await viewer.page.getByRole("textbox", { name: "Password" }).fill("eleven brown kettles sing");
    await viewer.page.getByRole("button", { name: "Set the password" }).click();
    await viewer.page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  });

  it("without rights see their own part only, and no button that is not theirs", async () => {
    await viewer.page.goto(`${fresh.url}/settings?tab=accounts`);
    await viewer.page.getByText("This part is for administrators.").waitFor();
    const parts = viewer.page.getByRole("navigation", { name: "Settings" }).getByRole("link");
    expect(await parts.allTextContents()).toEqual(["My account", "API tokens", "Assistants"]);
    await viewer.page.getByText("under pseudonyms").waitFor();
    await viewer.page.goto(`${fresh.url}/connections`);
    await viewer.page.getByText("Ask an administrator to connect one.").waitFor();
    await viewer.page.goto(`${fresh.url}/connect`);
    await viewer.page.getByText("Keys are connected by an administrator.").waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("are changed and disabled, which ends their sessions", async () => {
    await page.reload();
    await page.getByRole("button", { name: "Grace Hopper" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Role").selectOption("analyst");
    await dialog.getByLabel("May see individuals by name").check();
    await dialog.getByRole("switch", { name: "Disabled" }).check({ force: true });
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText(/^Saved\. Sessions were ended/).waitFor();
    const answer = await page.request.get(`${fresh.url}/api/v1/list-accounts`);
    const { accounts } = (await answer.json()) as { accounts: { name: string }[] };
    expect(accounts.find(({ name }) => name === "Grace Hopper")).toMatchObject({
      role: "analyst",
      people: true,
      disabled: true,
    });
    await viewer.page.goto(`${fresh.url}/settings`);
    await viewer.page.waitForURL(/\/sign-in/);
    await viewer.context.close();
  });

  it("the last administrator cannot be taken away", async () => {
    await open("accounts");
    await page.getByRole("table").getByRole("button", { name: "Ada Lovelace" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Role").selectOption("viewer");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("This is the last admin.").waitFor();
  });
});

describe("a token", () => {
  it("is shown once, works, and works no more when it was revoked", async () => {
    await open("tokens");
    await page.getByRole("button", { name: "Create token" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("grafana");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    const token = (await page.locator(".copy-once code").textContent()) ?? "";
    const asked = async () => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${fresh.url}/api/v1/status`, { headers })).status;
    };
    expect(await asked()).toBe(200);
    await page.getByRole("button", { name: "Done" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Revoke grafana" }).click();
    expect(await page.content()).not.toContain(token);
    await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByText("There is no token yet.").waitFor();
    expect(await asked()).toBe(401);
  });
});

describe("one's own account", () => {
  it("changes its password, which ends the sessions elsewhere", async () => {
    const elsewhere = await watchedPage(browser);
    await elsewhere.page.goto(`${fresh.url}/sign-in`);
    await elsewhere.page.getByLabel("E-mail").fill("ada@example.com");
    await elsewhere.page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
    await elsewhere.page.getByRole("button", { name: "Sign in" }).click();
    await elsewhere.page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();

    await open("account");
    expect(await page.getByText("This browser").count()).toBe(1);
    expect(await page.getByRole("button", { name: /^End the session of/ }).count()).toBe(1);
    await page.getByRole("textbox", { name: "Present password" }).fill("not the one at all");
    await page.getByRole("textbox", { name: "New password" }).fill(NEXT_PASSWORD);
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByText(/is not your password/).waitFor();
    await page.getByRole("textbox", { name: "Present password" }).fill(PASSWORD);
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByText("The password was changed. 1 other session was ended.").waitFor();
    expect(await page.getByRole("textbox", { name: "New password" }).inputValue()).toBe("");
    await elsewhere.page.goto(fresh.url);
    await elsewhere.page.waitForURL(/\/sign-in/);
    await elsewhere.context.close();
  });
});

describe("the server", () => {
  it("is shown as it was configured", async () => {
    await open("server");
    const answer = await page.request.get(`${fresh.url}/api/v1/server`);
    const { version, listenHost } = (await answer.json()) as { version: string; listenHost: string };
    await page.getByText(`${version}, on Node.js`).waitFor();
    await page
      .getByRole("definition")
      .filter({ hasText: `${listenHost}BURSAR_LISTEN` })
      .waitFor();
    await open("sso");
    await page.getByText(/^It is off: people sign in with a password/).waitFor();
  });
});

describe("an assistant", () => {
  it("is let in by a person who is asked, and sent away by them", async () => {
    const server = { origin: fresh.url };
    const assistant = await waitingAssistant();
    try {
      const client = await register(server, assistant.redirectUri);
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(client.request({ scope: "read export people audit sync manage own" }).href);
      await page.getByRole("heading", { level: 1, name: "Connect A client by hand?" }).waitFor();
      await settled(page);
      // Whoever wants it to see individuals, or to change anything, says so.
      expect(await page.getByRole("checkbox", { checked: true }).count()).toBe(5);
      for (const name of ["Individuals by name", "Change members, invites"]) {
        expect(await page.getByRole("checkbox", { name }).isChecked()).toBe(false);
      }
      expect(await page.getByText("Nobody has checked this name").isVisible()).toBe(true);
      expect(await seriousFindings(page)).toEqual([]);
      expect(await sidewaysOverflow(page)).toBe(0);
      await page.getByRole("checkbox", { name: "The ledger, proofs" }).uncheck();
      await page.getByRole("button", { name: "Allow", exact: true }).press("Enter");
      const { body } = await client.exchange((await assistant.back).searchParams.get("code") ?? "");
      expect(body.scope).toBe("read export sync own");
      expect((await askMcp(server, body.access_token ?? "")).status).toBe(200);

      await page.setViewportSize({ width: 1440, height: 900 });
      await open("assistants");
      await page.getByRole("button", { name: "Disconnect A client by hand" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
      await page.getByText("No assistant is connected.").waitFor();
      expect((await askMcp(server, body.access_token ?? "")).status).toBe(401);
    } finally {
      assistant.close();
    }
  });

  it("that nobody knows is told to the person whom it sent", async () => {
    await page.goto(`${fresh.url}/oauth/authorize?client_id=nobody`);
    await page.getByText("This Bursar does not know the assistant").waitFor();
  });

  it("makes a stranger sign in first, and then brings them back to the question", async () => {
    const stranger = await watchedPage(browser);
    const client = await register({ origin: fresh.url });
    await stranger.page.goto(client.request().href);
    await stranger.page.getByLabel("E-mail").fill("ada@example.com");
    await stranger.page.getByRole("textbox", { name: "Password" }).fill(NEXT_PASSWORD);
    await stranger.page.getByRole("button", { name: "Sign in" }).click();
    await stranger.page.getByRole("heading", { level: 1, name: "Connect A client by hand?" }).waitFor();
    expect(stranger.complaints).toEqual([]);
    await stranger.context.close();
  });
});

it("offers no test of alerts before it is known where they go", async () => {
  await open("alerts");
  await page.getByText("Save an address first.").waitFor();
  expect(await page.getByRole("button", { name: "Send a test alert" }).isDisabled()).toBe(true);
});

it.each(
  "account tokens assistants accounts sso privacy retention metrics licences budget alerts anchors server".split(" "),
)("%s has no serious finding in either theme, and is not wider than a narrow screen", async (tab) => {
  await open(tab);
  expect(
    await faultsOf(page, [
      ["light", 390],
      ["dark", 390],
    ]),
  ).toEqual([]);
});

it("the browser complained of nothing but the refusals", () => {
  const refused = /^(?:403|409|422): \/api\/v1\/(?:change-settings|change-account|change-password|save-budget)$/;
  const others = watched.complaints.filter(
    (one) => !refused.test(one) && !one.startsWith("console: Failed to load resource"),
  );
  expect(others).toEqual([]);
});
