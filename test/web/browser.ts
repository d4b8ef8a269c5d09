import { existsSync } from "node:fs";

import { chromium, type Browser, type BrowserContext, type Page, type Request } from "playwright-core";

/** Debian's, and where other systems keep theirs. The one without windows is the quickest. */
const INSTALLED = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];

/** Nothing that phones home, and no sandbox: containers have no user namespaces. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * A real Chromium: the system's, which `npm run check` installs where it may; else the one that Playwright keeps.
 *
 * @throws Error with the command that installs one.
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  return chromium.launch({ args: FLAGS, ...(executablePath === null ? {} : { executablePath }) });
}

function findChromium(): string | null {
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed !== undefined) return installed;
  if (existsSync(chromium.executablePath())) return null;
  throw new Error(
    "No Chromium is installed. Install one: sudo apt-get install chromium, or npx playwright-core install chromium",
  );
}

export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Whatever the browser complained about: errors, refused styles and scripts, answers of 400 and above. */
  readonly complaints: string[];
}

/** A page that remembers every complaint: a test ends by expecting none. */
export async function watchedPage(
  browser: Browser,
  options: { width?: number; height?: number; colorScheme?: "light" | "dark"; storageState?: string } = {},
): Promise<Watched> {
  const { width = 1440, height = 900, colorScheme = "light", storageState } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: "reduce",
    ...(storageState === undefined ? {} : { storageState }),
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${new URL(response.url()).pathname}`);
  });
  watchRequests(page);
  return { page, context, complaints };
}

/** Opens the link of a sign-in, and waits for the overview. */
export async function signIn(page: Page, { link }: { readonly link: string }): Promise<void> {
  await page.goto(link);
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
}

/** The requests of a page that have no answer yet. */
const underWay = new WeakMap<Page, Set<Request>>();

/** Counts what a page asks for, so that it can be known to be settled. */
export function watchRequests(page: Page): void {
  const requests = new Set<Request>();
  underWay.set(page, requests);
  page.on("request", (request) => {
    // Another document takes the place of this one, and of whatever it was waiting for.
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) requests.clear();
    // A stream of events never ends.
    if (request.resourceType() !== "eventsource") requests.add(request);
  });
  page.on("requestfinished", (request) => requests.delete(request));
  page.on("requestfailed", (request) => requests.delete(request));
}

/** Looks that must find nothing on its way, one after the other: an answer that arrived may lead to another question. */
const QUIET_LOOKS = 3;

/**
 * Waits until nothing of the page is still on its way, and all that came is drawn.
 *
 * Not by the network's idling: that takes half a second to be believed, in which nothing happens.
 */
export async function settled(page: Page): Promise<void> {
  const requests = underWay.get(page);
  if (requests === undefined) throw new Error("Only a watched page is known to be settled.");
  await page.waitForLoadState("load");
  for (let quiet = 0; quiet < QUIET_LOOKS;) {
    // By a locator: a function that is waited for would have to be evaluated, which the page's policy forbids.
    await page.locator("[aria-busy=true], [data-dimmed]").first().waitFor({ state: "detached" });
    // A frame and a turn later, whatever an answer leads to has begun.
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20)))");
    quiet = requests.size === 0 ? quiet + 1 : 0;
  }
}
