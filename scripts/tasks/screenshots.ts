import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Browser, BrowserContext } from "playwright-core";

import { ensureBuilt } from "../build.ts";
import { capture, ROOT } from "../process.ts";

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
  /** As somebody sees it who has not signed in. */
  readonly signedOut?: true;
  /** A button whose answer is what there is to see. */
  readonly press?: string;
}

/** Parts of the settings that are more than a form. */
const SETTINGS_PARTS = ["accounts", "retention", "budget", "alerts"];

/**
 * Takes a picture of every page of the demo, light and dark, wide and narrow, into `docs/pages/`. Words after the task
 * choose pages by name.
 */
export async function screenshots(chosen: readonly string[]): Promise<number> {
  const { code, output } = await ensureBuilt();
  if (code !== 0) throw new Error(output);
  const { launchChromium } = await import("../../test/web/browser.ts");
  const { startDemo } = await import("../../test/web/demo.ts");
  const demo = await startDemo({ people: 60, days: 90, writes: true });
  const browser = await launchChromium();
  try {
    const storageState = await signedIn(browser, demo.link);
    const all = await pagesOf(browser, demo.url, storageState);
    const pages = all.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
    if (chosen.length === 0) await rm(FOLDER, { recursive: true, force: true });
    await mkdir(FOLDER, { recursive: true });
    await writeFile(join(FOLDER, "README.md"), indexOf(all.map(({ name }) => name)));
    for (const { name: look, width, height, colorScheme } of LOOKS) {
      const viewport = { width, height };
      const options = { viewport, colorScheme, reducedMotion: "reduce" } as const;
      const [inside, outside] = [
        await browser.newContext({ ...options, storageState }),
        await browser.newContext(options),
      ];
      for (const { name, path, signedOut, press } of pages) {
        await take(signedOut === true ? outside : inside, `${demo.url}${path}`, `${name}-${look}.png`, press);
      }
      await inside.close();
      await outside.close();
    }
    await shrink(pages.map(({ name }) => name));
    process.stdout.write(`${pages.length * LOOKS.length} pictures in docs/pages\n`);
    return 0;
  } finally {
    await browser.close();
    await demo.close();
  }
}

function indexOf(names: readonly string[]): string {
  const lines = names.map((name) => {
    const links = LOOKS.map(({ name: look }) => `[${look.replace("-", ", ")}](${name}-${look}.png)`);
    return `| ${name} | ${links.join(" | ")} |`;
  });
  return [
    "# The pages",
    "",
    "Pictures of the demo's invented organization, taken by `npm run screenshots`.",
    "",
    "| page | | | | |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
    "",
  ].join("\n");
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

/** All that stand in the catalog; of pages about one thing, those of the first person, workspace, and a planned change. */
async function pagesOf(browser: Browser, url: string, storageState: StorageState): Promise<Shown[]> {
  // Read as text: the pages are made for a browser, and their types with them.
  const catalog = await readFile(join(ROOT, "src", "web", "pages", "index.ts"), "utf8");
  const paths = [...catalog.matchAll(/^ +path: "([^"]+)"/gm)].flatMap(([, path]) => path ?? []);
  const of = await firstOf(browser, url, storageState);
  const listed = paths.map((path) => {
    const [, room = ""] = /^\/(.+)\/:id$/.exec(path) ?? [];
    const one = of[room];
    if (one !== undefined) return { name: one.name, path: path.replace(":id", one.id) };
    if (path === "/off-boarding") return { name: "off-boarding", path: `${path}?person=${of["people"]?.id}` };
    return { name: path === "/" ? "overview" : path.slice(1), path };
  });
  return [
    ...listed,
    ...SETTINGS_PARTS.map((part) => ({ name: `settings-${part}`, path: `/settings?tab=${part}` })),
    { name: "sign-in", path: "/sign-in", signedOut: true },
    { name: "second-factor", path: "/second-factor", press: "Show me a secret" },
    { name: "not-found", path: "/no-such-page" },
  ];
}

interface One {
  /** Of the picture. */
  readonly name: string;
  readonly id: string;
}

/** By the list that each stands in: what a page about one of them is opened with. Plans a change, and sets budgets. */
async function firstOf(
  browser: Browser,
  url: string,
  storageState: StorageState,
): Promise<Readonly<Record<string, One>>> {
  const context = await browser.newContext({ storageState });
  const ask = async (question: string) => {
    const answer = await context.request.get(`${url}/api/v1/${question}`);
    return ((await answer.json()) as { rows: Readonly<Record<string, unknown>>[] }).rows;
  };
  const order = async (operation: string, data: object) => {
    const answer = await context.request.post(`${url}/api/v1/${operation}`, { headers: { origin: url }, data });
    if (!answer.ok()) throw new Error(`${operation}: ${await answer.text()}`);
    return answer;
  };
  const [person] = await ask("list-people-usage?limit=1&sort=tokens");
  // A short list of members shows as much as a long one.
  const workspaces = await ask("list-workspaces");
  const workspace = workspaces.find(({ members }) => members !== null && Number(members) < 12);
  const [member] = await ask("list-members?limit=1&role=developer");
  const planned = await order("plan-change", {
    kind: "change_member_role",
    arguments: { user_id: member?.["userId"], role: "user" },
  });
  const { change } = (await planned.json()) as { change: { id: string } };
  await order("change-settings", { settings: { budgetMonthlyUsd: "8000" } });
  for (const budget of [
    { name: "Platform", scope: "team", value: "Platform", period: "month", amountUsd: "1500" },
    { name: "Everybody, a day", scope: "organization", period: "day", amountUsd: "500" },
    { name: workspace?.["name"], scope: "workspace", value: workspace?.["id"], period: "month", amountUsd: "450" },
  ]) {
    await order("save-budget", { ...budget, basis: ["actual", "forecast"] });
  }
  await context.close();
  return {
    people: { name: "person", id: String(person?.["personId"]) },
    workspaces: { name: "workspace", id: String(workspace?.["id"]) },
    changes: { name: "change", id: change.id },
  };
}

/**
 * Fewer colours, a third of the bytes, where pngquant is installed; the pictures are good without it. Of those that were
 * taken now: others would lose a little more each time.
 */
async function shrink(names: readonly string[]): Promise<void> {
  const files = names.flatMap((name) => LOOKS.map(({ name: look }) => join(FOLDER, `${name}-${look}.png`)));
  const options = ["--quality=70-95", "--strip", "--skip-if-larger", "--ext", ".png", "--force"];
  const { code } = await capture("pngquant", [...options, ...files]);
  // 98 and 99 say that a picture was left as it is.
  if (![0, 98, 99].includes(code)) process.stderr.write("  pngquant is not installed: the files stay large\n");
}

async function take(context: BrowserContext, address: string, file: string, press: string | undefined): Promise<void> {
  const { settled, watchRequests } = await import("../../test/web/browser.ts");
  const page = await context.newPage();
  watchRequests(page);
  await page.goto(address);
  await settled(page);
  if (press !== undefined) {
    await page.getByRole("button", { name: press }).click();
    await settled(page);
  }
  await page.screenshot({ path: join(FOLDER, file), fullPage: true });
  await page.close();
  process.stderr.write(`  ${file}\n`);
}
