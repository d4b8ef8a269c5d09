import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

import { addressOf, type Input, type OperationId, type Output } from "../../src/web/client/index.ts";
import { launchChromium, settled, signIn, watchedPage, type Watched } from "./browser.ts";
import { startDemo, type DemoServer } from "./demo.ts";

export interface Dashboard extends Pick<DemoServer, "url" | "emulator" | "data"> {
  readonly browser: Browser;
  /** Of the administrator, who may see individuals. */
  readonly watched: Watched;
  readonly page: Page;
  /** The days that a page shows when nothing is chosen: thirty up to the last complete one. */
  readonly days: { readonly from: string; readonly to: string };
  /** Opens a page of the dashboard and waits until all of it is there. */
  open(path: string): Promise<void>;
  /** What the API answers the same account. */
  ask<Id extends OperationId>(id: Id, input: Input<Id>): Promise<Output<Id>>;
  /** What the API does for the same account. */
  order<Id extends OperationId>(id: Id, input: Input<Id>): Promise<Output<Id>>;
  /** The page of an account that may read figures, and not see individuals. */
  viewer(): Promise<Watched>;
  close(): Promise<void>;
}

/** The built program with an invented organization, and a browser that is signed in to it. */
async function startDashboard(options: Parameters<typeof startDemo>[0] = {}): Promise<Dashboard> {
  const [browser, demo] = await Promise.all([launchChromium(), startDemo(options)]);
  const watched = await watchedPage(browser);
  const { page } = watched;
  await signIn(page, demo);
  const ask: Dashboard["ask"] = async (id, input) => {
    const answer = await page.request.get(`${demo.url}${addressOf(id, input)}`);
    if (!answer.ok()) throw new Error(`${id}: ${answer.status()} ${await answer.text()}`);
    return answer.json();
  };
  const order: Dashboard["order"] = async (id, input) => {
    // The same address as its question's, without the question.
    const [address = ""] = addressOf(id, input).split("?");
    const answer = await page.request.post(`${demo.url}${address}`, { headers: { origin: demo.url }, data: input });
    if (!answer.ok()) throw new Error(`${id}: ${answer.status()} ${await answer.text()}`);
    return answer.json();
  };
  const { completeThrough } = await ask("report", { metric: "cost" });
  if (completeThrough === null) throw new Error("The demo has no complete day.");
  return {
    url: demo.url,
    emulator: demo.emulator,
    data: demo.data,
    browser,
    watched,
    page,
    days: { from: daysBefore(completeThrough, 29), to: completeThrough },
    async open(path) {
      await page.goto(`${demo.url}${path}`);
      await settled(page);
    },
    ask,
    order,
    viewer: () => viewerPage(browser, order, demo.url),
    async close() {
      await browser.close();
      await demo.close();
    },
  };
}

/** The dashboard of a test file: started before its first test, and ended after its last. */
export function dashboardOfFile(options: Parameters<typeof startDemo>[0] = {}): () => Dashboard {
  let dashboard: Dashboard | undefined;
  beforeAll(async () => {
    dashboard = await startDashboard(options);
  }, 600_000);
  afterAll(() => dashboard?.close());
  return () => {
    if (dashboard === undefined) throw new Error("The dashboard is there for tests, not before them.");
    return dashboard;
  };
}

/** The figure under a label of the headline row, as it is written. */
export function headline(page: Page, label: string): Locator {
  return page
    .locator(".headline")
    .filter({ has: page.locator(".headline-label", { hasText: new RegExp(`^${label}( |$)`) }) })
    .locator(".headline-value");
}

/** The cells of a table by their text, row by row. */
export async function cellsOf(page: Page, label: string): Promise<string[][]> {
  const rows = await page.getByRole("table", { name: label }).locator("tbody tr").all();
  return Promise.all(rows.map((row) => row.locator("td").allInnerTexts()));
}

function daysBefore(day: string, count: number): string {
  return new Date(Date.parse(day) - count * 86_400_000).toISOString().slice(0, 10);
}

async function viewerPage(browser: Browser, order: Dashboard["order"], url: string): Promise<Watched> {
  const headers = { origin: url };
  const { link } = await order("inviteAccount", { email: `viewer-${crypto.randomUUID()}@example.com` });
  if (link === null) throw new Error("The account has no link.");
  const watched = await watchedPage(browser);
  const password = "velvet tractor lagoon mitten 9";
  const entered = await watched.page.request.post(`${url}/auth/link`, {
    headers,
    data: { token: link.token, password },
  });
  if (!entered.ok()) throw new Error(`The viewer cannot sign in: ${await entered.text()}`);
  return watched;
}
