import type { Browser, Page } from "playwright-core";

import { createWorld, startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { launchChromium, watchedPage, type Watched } from "./browser.ts";
import { folderFor, startServer, type TestServer } from "./server.ts";

export interface FreshServer extends TestServer {
  /** The one-time link with which the first account is made. */
  readonly setupLink: string;
  readonly emulator: Emulator;
  /** Where all of it lies: a place in which a key must not stand. */
  readonly folder: string;
}

/** The built program as somebody starts it for the first time: no account, no connection, an emulator to connect to. */
export async function startFresh({ people = 8, days = 30, latencyMs = 0 } = {}): Promise<FreshServer> {
  // The server looks at the wall clock: the invented history ends yesterday.
  const now = Date.now();
  const end = new Date(now - 86_400_000).toISOString().slice(0, 10);
  const world = createWorld({ seed: 3, people, days, end, scale: 1 });
  const emulator = await startEmulator({ world, ticking: true, startAt: now, latencyMs });
  const folder = await folderFor(emulator);
  const server = await startServer(folder, emulator);
  const setupLink = await server.until(/open (http:\S+#link=[\w-]+)\s/);
  return { ...server, setupLink, emulator, folder: folder.path };
}

/** Whoever sets the program up: their browser and their server. */
export interface Newcomer {
  readonly browser: Browser;
  readonly fresh: FreshServer;
  readonly watched: Watched;
  readonly page: Page;
  close(): Promise<void>;
}

export const PASSWORD = "quiet violet harbour 9";

/** A browser that has not been anywhere yet, and a server that waits for its first account. */
export async function startNewcomer(options: Parameters<typeof startFresh>[0]): Promise<Newcomer> {
  const [browser, fresh] = await Promise.all([launchChromium(), startFresh(options)]);
  const watched = await watchedPage(browser);
  watched.page.setDefaultTimeout(20_000);
  return {
    browser,
    fresh,
    watched,
    page: watched.page,
    async close() {
      await browser.close();
      await fresh.close();
    },
  };
}

/** Makes the account of an administrator who may see individuals, by the setup link. */
export async function makeFirstAccount({ page, fresh }: Newcomer): Promise<void> {
  await page.goto(fresh.setupLink);
  await page.getByLabel("Your name").fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByLabel("I may see individuals by name").check();
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.getByRole("heading", { level: 1, name: "Connect" }).waitFor();
}
