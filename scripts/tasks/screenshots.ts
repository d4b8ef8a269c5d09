import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import type { Browser, BrowserContext } from "playwright-core";

import { ROOT } from "../process.ts";

const FOLDER = join(ROOT, "docs", "pages");

const LOOKS = [
  { name: "light-1440", width: 1440, height: 900, colorScheme: "light" },
  { name: "dark-1440", width: 1440, height: 900, colorScheme: "dark" },
  { name: "light-390", width: 390, height: 844, colorScheme: "light" },
  { name: "dark-390", width: 390, height: 844, colorScheme: "dark" },
] as const;

interface Shown {
  readonly name: string;
  readonly path: string;
}

/**
 * Takes a picture of every page of the demo, light and dark, wide and narrow, into `docs/pages/`. Words after the task
 * choose pages by name.
 */
export async function screenshots(chosen: readonly string[]): Promise<number> {
  const { launchChromium, startDemo } = await import("../../test/web/browser.ts");
  const demo = await startDemo({ people: 60, days: 90 });
  const browser = await launchChromium();
  try {
    const storageState = await signedIn(browser, demo.link);
    const pages = (await pagesOf(browser, demo.url, storageState)).filter(
      ({ name }) => chosen.length === 0 || chosen.includes(name),
    );
    if (chosen.length === 0) await rm(FOLDER, { recursive: true, force: true });
    await mkdir(FOLDER, { recursive: true });
    for (const { name: look, width, height, colorScheme } of LOOKS) {
      const viewport = { width, height };
      const context = await browser.newContext({ viewport, colorScheme, storageState, reducedMotion: "reduce" });
      for (const page of pages) await take(context, `${demo.url}${page.path}`, `${page.name}-${look}.png`);
      await context.close();
    }
    process.stdout.write(`${pages.length * LOOKS.length} pictures in docs/pages\n`);
    return 0;
  } finally {
    await browser.close();
    await demo.close();
  }
}

type StorageState = Awaited<ReturnType<BrowserContext["storageState"]>>;

async function signedIn(browser: Browser, link: string): Promise<StorageState> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

/** All that stand in the catalog; of pages about one person, the first person's. */
async function pagesOf(browser: Browser, url: string, storageState: StorageState): Promise<Shown[]> {
  // Read as text: the pages are made for a browser, and their types with them.
  const catalog = await readFile(join(ROOT, "src", "web", "pages", "index.ts"), "utf8");
  const paths = [...catalog.matchAll(/^ +path: "([^"]+)"/gm)].flatMap(([, path]) => path ?? []);
  const person = await firstPerson(browser, url, storageState);
  const listed = paths.map((path) => ({
    name: path === "/" ? "overview" : path.slice(1).replace("people/:id", "person"),
    path: path.replace(":id", person),
  }));
  return [...listed, { name: "not-found", path: "/no-such-page" }];
}

async function firstPerson(browser: Browser, url: string, storageState: StorageState): Promise<string> {
  const context = await browser.newContext({ storageState });
  const answer = await context.request.get(`${url}/api/v1/list-people-usage?limit=1&sort=tokens`);
  const { rows } = (await answer.json()) as { rows: { personId?: string }[] };
  await context.close();
  return rows[0]?.personId ?? "nobody";
}

async function take(context: BrowserContext, address: string, file: string): Promise<void> {
  const { settled } = await import("../../test/web/browser.ts");
  const page = await context.newPage();
  await page.goto(address);
  await settled(page);
  await page.screenshot({ path: join(FOLDER, file), fullPage: true });
  await page.close();
  process.stderr.write(`  ${file}\n`);
}
