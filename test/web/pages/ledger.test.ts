import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { parseVkey, verifyTlogProof } from "../../../src/ledger/index.ts";
import { compact, exact } from "../../../src/web/format/index.ts";
import { faultsOf, IN_BOTH_THEMES } from "../axe.ts";
import { settled } from "../browser.ts";
import { cellsOf, dashboardOfFile, headline } from "../dashboard.ts";

const byText = (a: string, b: string) => (a < b ? -1 : 1);
const VIEWS = ["state", "outside", "prove", "restated", "take", "trail", "auditors"];

const dashboard = dashboardOfFile();

describe("Ledger", () => {
  it("says how large it is and that nobody verified it, and verifies it on demand", async () => {
    const { page, open, ask } = dashboard();
    await open("/ledger");
    const { ledger } = await ask("ledgerSummary", {});
    expect(await headline(page, "Leaves").innerText()).toBe(compact(ledger!.size, "count"));
    expect(await headline(page, "Signed").innerText()).toBe(compact(ledger!.checkpoint!.size, "count"));
    await page.getByText("Nobody has verified the ledger from here yet").waitFor();
    await page.getByRole("button", { name: "Verify now" }).click();
    await page.getByText("are as they were signed").waitFor();
    const { lastVerification: found } = await ask("ledgerSummary", {});
    const counts = (await cellsOf(page, "Leaves by kind")).map((cells) => cells.at(-1)?.trim() ?? "");
    expect(counts.toSorted(byText)).toEqual(
      Object.values(found!.leaves)
        .filter((count) => count > 0)
        .map((count) => exact(count, "count"))
        .toSorted(byText),
    );
    expect(await page.getByText("In order").count()).toBe(1);
  });

  it("says plainly that it is signed only, and where others are named who hold its checkpoints", async () => {
    const { page, open } = dashboard();
    await open("/ledger?view=outside");
    await page.getByText("signed only").waitFor();
    expect(await page.getByRole("button", { name: "Hand over now" }).count()).toBe(0);
    await page.getByRole("link", { name: "Name witnesses, time stamps or an auditor" }).click();
    await page.waitForURL(/\/settings\?tab=anchors/);
    await settled(page);
    await page.getByRole("textbox", { name: "OpenTimestamps calendars" }).fill("calendar.example");
    await page.getByRole("button", { name: "Save" }).nth(1).click();
    await page.getByRole("alert").getByText("is no address").waitFor();
    dashboard().watched.complaints.length = 0;
  });

  it("finds a record by a word, shows what was recorded, and gives a proof that verifies", async () => {
    const { page, open, ask } = dashboard();
    await open("/ledger?view=prove");
    await page.getByRole("textbox", { name: "Part of its key" }).fill("claude-");
    await page.getByRole("button", { name: "Find records" }).click();
    await page.waitForURL(/text=claude-/);
    await settled(page);
    const { rows } = await ask("findRecords", { text: "claude-", limit: 50 });
    expect((await cellsOf(page, "Records")).map(([index]) => index)).toEqual(
      rows.slice(0, 25).map(({ index }) => String(index)),
    );
    const [first] = rows;
    await page.getByRole("button", { name: String(first?.index), exact: true }).click();
    await page.getByRole("heading", { name: `Leaf ${exact(first?.index ?? null, "count")}` }).waitFor();
    await settled(page);
    expect(await page.getByLabel("Content").innerText()).toContain('"data"');
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download the proof" }).click(),
    ]);
    const { ledger } = await ask("ledgerSummary", {});
    const proof = verifyTlogProof(await readFile(await saved.path(), "utf8"), ledger!.checkpoint!.vkeys.map(parseVkey));
    expect(proof.index).toBe(first?.index);
  });

  it("says why a leaf cannot be proved yet", async () => {
    const { page, open } = dashboard();
    await open("/ledger?view=prove&leaf=999999999");
    await page.getByRole("alert").getByText("the signed log has leaves").waitFor();
    dashboard().watched.complaints.length = 0;
  });

  it("downloads the archive, and the trail says so", async () => {
    const { page, open } = dashboard();
    await open("/ledger?view=take");
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download proofs only" }).click(),
    ]);
    expect(saved.suggestedFilename()).toMatch(/-proofs\.tar$/);
    const bytes = await readFile(await saved.path());
    expect(bytes.subarray(257, 262).toString()).toBe("ustar");
    await page.getByRole("tab", { name: "Audit trail" }).click();
    await settled(page);
    await page.getByRole("table", { name: "Audit trail" }).waitFor();
    const [latest] = await cellsOf(page, "Audit trail");
    expect(latest).toContain("Took the ledger away");
  });
});

it("shows an account that may not audit how large the ledger is, and whom to ask", async () => {
  const { page, context, complaints } = await dashboard().viewer();
  await page.goto(`${dashboard().url}/ledger`);
  await settled(page);
  await page.getByText("Your account may not audit").waitFor();
  const { ledger } = await dashboard().ask("status", {});
  expect(await headline(page, "Leaves").innerText()).toBe(compact(ledger!.size, "count"));
  expect(complaints).toEqual([]);
  await context.close();
});

it.each(VIEWS)("%s has no serious finding, and does not scroll sideways, in either theme", async (view) => {
  const { page, open } = dashboard();
  await open(`/ledger?view=${view}`);
  expect(await faultsOf(page, IN_BOTH_THEMES)).toEqual([]);
  expect(dashboard().watched.complaints).toEqual([]);
});
