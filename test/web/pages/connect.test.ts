import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { isFailure } from "../../../src/domain/index.ts";
import { recogniseKey } from "../../../src/source/index.ts";
import { faultsOf, IN_BOTH_THEMES } from "../axe.ts";
import type { Watched } from "../browser.ts";
import { makeFirstAccount, startNewcomer, type FreshServer, type Newcomer } from "../fresh-server.ts";

let newcomer: Newcomer;
let fresh: FreshServer;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  newcomer = await startNewcomer({ latencyMs: 10 });
  ({ fresh, watched, page } = newcomer);
}, 180_000);

afterAll(() => newcomer?.close());

/** The answer of an operation to whoever is signed in. */
async function answer<T>(path: string): Promise<T> {
  return (await (await page.request.get(`${fresh.url}/api/v1/${path}`)).json()) as T;
}

const keyField = () => page.getByRole("textbox", { name: "Admin key" });
const offer = async (key: string, verb = "Connect key") => {
  await keyField().fill(key);
  await page.getByRole("button", { name: verb }).last().click();
};

describe("the first run", () => {
  it("makes the first account, with or without the right to see individuals, and leads to the wizard", async () => {
    await makeFirstAccount(newcomer);
    const me = (await (await page.request.get(`${fresh.url}/auth/me`)).json()) as {
      account: { permissions: string[] };
    };
    expect(me.account.permissions).toContain("people");
  });

  it("shows an empty list of connections that says what to do", async () => {
    await page.goto(`${fresh.url}/connections`);
    await page.getByRole("heading", { name: "No organization is connected yet" }).waitFor();
    await page.getByRole("main").getByRole("link", { name: "Connect a key" }).last().click();
    await page.waitForURL(`${fresh.url}/connect`);
  });
});

describe("the wizard", () => {
  it("takes the key in a field that no browser keeps", async () => {
    expect(await keyField().getAttribute("type")).toBe("password");
    expect(await keyField().getAttribute("autocomplete")).toBe("off");
  });

  it.each([
    ["an API key for calling models", () => fresh.emulator.keys.ordinary],
    ["a masked key", () => "sk-ant-admin01-abc...wxyz"],
  ])("says of %s what it is and what is needed, and does not ask Anthropic", async (_, keyOf) => {
    const asked = fresh.emulator.requests.length;
    const key = keyOf();
    await offer(key);
    const refusal = failureOf(() => recogniseKey(key));
    const alert = page.getByRole("alert");
    await alert.getByText(refusal.message).waitFor();
    const said = await alert.textContent();
    expect(said).toContain("The key was not kept, and nothing was changed.");
    expect(said).toContain(refusal.hint);
    expect(fresh.emulator.requests.length).toBe(asked);
    expect(await keyField().inputValue()).toBe("");
  });

  it("says of a revoked key that Anthropic refused it, and keeps nothing", async () => {
    await offer(fresh.emulator.keys.revoked);
    const alert = page.getByRole("alert");
    await alert.getByText(/^Anthropic refused the key/).waitFor();
    expect(await alert.textContent()).toMatch(/Check that it is an Admin key .* neither revoked nor expired/);
    expect(await answer("list-connections")).toEqual({ connections: [] });
  });

  it("proves a good key and lists what each stream gives", async () => {
    await offer(fresh.emulator.keys.admin);
    const list = page.getByRole("list", { name: "What the key can read" });
    await list.waitFor();
    const { connections } = await answer<{ connections: { streams: { title: string }[] }[] }>("status");
    const titles = connections.at(0)!.streams.map(({ title }) => title);
    for (const title of titles) expect(await list.getByText(title, { exact: true }).count()).toBe(1);
    expect(await list.getByRole("listitem").count()).toBe(titles.length);
    expect(await page.getByText(`All ${titles.length} streams can be read.`).count()).toBe(1);
  });

  it("leaves no trace of the key in the browser", async () => {
    const { admin } = fresh.emulator.keys;
    const kept = await page.evaluate(() =>
      JSON.stringify([
        Object.entries(localStorage),
        Object.entries(sessionStorage),
        location.href,
        document.documentElement.outerHTML,
        [...document.querySelectorAll("input")].map(({ value }) => value),
      ]),
    );
    expect(kept).not.toContain(admin);
    expect(JSON.stringify(await watched.context.storageState())).not.toContain(admin);
  });

  it("reads as much of the past as was chosen, and shows a first chart", async () => {
    await page.getByRole("radio", { name: /^180 days/ }).check();
    const order = page.waitForRequest((request) => request.url().endsWith("/api/v1/backfill"));
    await page.getByRole("button", { name: "Start back-fill" }).click();
    const { connection, from } = (await order).postDataJSON() as { connection: string; from: string };
    expect(connection).toBe("main");
    expect(Math.round((Date.now() - Date.parse(from)) / 86_400_000)).toBeGreaterThanOrEqual(180);
    await page.getByRole("progressbar").waitFor();
    await page.getByText("Everything was read.").waitFor({ timeout: 60_000 });
    await page.getByRole("group", { name: /^Spend in the last 30 days/ }).waitFor();
    expect(await page.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("100");
  }, 90_000);

  it("is found again where it was when the page is loaded anew", async () => {
    await page.reload();
    await page.getByText("Everything was read.").waitFor();
    expect(page.url()).toBe(`${fresh.url}/connect?reading=main`);
  });

  it("has no serious finding in either theme", async () => {
    expect(await faultsOf(page, IN_BOTH_THEMES)).toEqual([]);
  });
});

describe("the connections", () => {
  it("show the figures that the operations answer", async () => {
    await page.goto(`${fresh.url}/connections`);
    await page.getByRole("button", { name: "Sync now" }).waitFor();
    const { runs } = await answer<{ runs: { report: { streams: { rows: number }[] } }[] }>("list-runs");
    const rows = runs.at(0)!.report.streams.reduce((sum, one) => sum + one.rows, 0);
    const table = page.getByRole("table", { name: "Syncs" });
    await table.waitFor();
    expect(await table.locator('td[data-title="Rows"]').first().textContent()).toBe(rows.toLocaleString("en-US"));
    const { connections } = await answer<{ connections: { last4: string }[] }>("list-connections");
    expect(await page.getByText(`ends in …${connections.at(0)!.last4}`).count()).toBe(1);
    await page.getByText("14 of 14 streams read").click();
    const streams = page.getByRole("table", { name: "Streams of main" });
    expect(await streams.locator("tbody tr").count()).toBe(14);
    await streams.getByRole("button", { name: "Stream" }).click();
    const first = await streams.locator("tbody tr td").first().textContent();
    await streams.getByRole("button", { name: "Stream" }).click();
    expect(await streams.locator("tbody tr td").first().textContent()).not.toBe(first);
  });

  it("say what happened when the key dies in the middle of a sync, and what to do", async () => {
    await control("POST", { argument: "key-dies:requests=6" });
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.getByText("Key refused", { exact: true }).first().waitFor({ timeout: 30_000 });
    await page.getByText("Anthropic refuses this key.").waitFor();
    await page.getByText("What was read stays. Nothing new is read until the key is replaced.").waitFor();
    const { runs } = await answer<{ runs: { outcome: string }[] }>("list-runs");
    expect(runs.at(0)!.outcome).toBe("credential");
    expect(await page.getByRole("button", { name: "Sync now" }).count()).toBe(0);
  });

  it("take a new key of the same organization only, and go on with it", async () => {
    await control("DELETE");
    await page.getByRole("button", { name: "Replace key" }).click();
    await page.getByRole("dialog").waitFor();
    await offer(fresh.emulator.keys.otherOrganization, "Replace key");
    await page
      .getByRole("dialog")
      .getByText(/This key belongs to organization .*, not to /)
      .waitFor();
    await offer(fresh.emulator.keys.replacement, "Replace key");
    await page.getByText("The key was replaced.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Sync now" }).click();
    await page.getByText("Connected", { exact: true }).first().waitFor();
    const outcome = async () => (await answer<{ runs: { outcome: string }[] }>("list-runs")).runs.at(0)!.outcome;
    await expect.poll(outcome, { timeout: 30_000 }).toBe("complete");
    await page.getByRole("button", { name: "Sync now" }).waitFor();
  });

  it("have no serious finding in either theme, and fit a narrow screen", async () => {
    await page.reload();
    await page.getByRole("button", { name: "Sync now" }).waitFor();
    expect(
      await faultsOf(page, [
        ["light", 390],
        ["dark", 390],
      ]),
    ).toEqual([]);
  });

  it("disconnect when that was confirmed, and erase only when the name was written", async () => {
    await page.reload();
    await page.getByRole("button", { name: "Disconnect" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/^Also erase everything/).check();
    expect(await dialog.getByRole("button", { name: "Disconnect and erase" }).isDisabled()).toBe(true);
    await dialog.getByLabel(/^Also erase everything/).uncheck();
    await dialog.getByRole("button", { name: "Disconnect" }).click();
    await page.getByText("Disconnected", { exact: true }).waitFor();
    const { connections } = await answer<{ connections: { state: string; last4: null }[] }>("list-connections");
    expect(connections[0]).toMatchObject({ state: "disconnected", last4: null });
  });
});

it("no key stands in what the server said or in any file in the clear", async () => {
  const keys = Object.values(fresh.emulator.keys);
  const files = await readdir(fresh.folder, { recursive: true, withFileTypes: true });
  const contents = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), "latin1")),
  );
  const everything = `${fresh.said()}${contents.join("")}`;
  expect(keys.filter((key) => everything.includes(key))).toEqual([]);
});

it("the browser complained of nothing but the refusals", () => {
  const refusals = watched.complaints.filter((one) => /^(422|502|429): \/api\/v1\/connect$/.test(one));
  const others = watched.complaints.filter(
    (one) => !refusals.includes(one) && !one.startsWith("console: Failed to load resource"),
  );
  expect(others).toEqual([]);
});

/** The emulator's own control, as somebody else would work it. */
async function control(method: "POST" | "DELETE", body?: object): Promise<void> {
  const response = await fetch(`${fresh.emulator.url}/_emulator/faults`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
}

function failureOf(work: () => unknown): { message: string; hint: string } {
  try {
    work();
  } catch (thrown) {
    if (isFailure(thrown)) return thrown;
    throw thrown;
  }
  throw new Error("It was taken for a key.");
}
