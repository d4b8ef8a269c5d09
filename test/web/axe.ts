import axe from "axe-core";
import type { Page } from "playwright-core";

import { settled } from "./browser.ts";

type Theme = "light" | "dark";

/** A theme, and the width of the window in pixels. */
export type Look = readonly [theme: Theme, width: number];

const WIDE = 1440;
const NARROW = 390;

export const IN_BOTH_THEMES: readonly Look[] = [
  ["light", WIDE],
  ["dark", WIDE],
];

/** Serious and critical findings of axe, as `rule: selector`. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // By the debugger, which the page's policy does not bind.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    interface Result {
      violations: { id: string; impact: string; nodes: { target: string[] }[] }[];
    }
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<Result> } };
    // What is in order need not be listed.
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
  });
}

/**
 * Looks at a page that is open in each look: at axe's serious findings, and whether it scrolls sideways, there and on a
 * narrow screen. Afterwards it is light and wide again.
 */
export async function faultsOf(page: Page, looks: readonly Look[]): Promise<string[]> {
  const faults: string[] = [];
  const add = (look: string, found: readonly string[]) => faults.push(...found.map((one) => `${look}: ${one}`));
  for (const [theme, width] of looks) {
    await chooseTheme(page, theme);
    await resize(page, width);
    add(`${theme} ${width}`, await seriousFindings(page));
    add(`${theme} ${width}`, await overflowOf(page));
    if (width === NARROW) continue;
    await resize(page, NARROW);
    add(`${theme} ${NARROW}`, await overflowOf(page));
  }
  await resize(page, WIDE);
  await chooseTheme(page, "light");
  return faults;
}

/** Shows the page in a theme, as another tab's account menu would choose it. */
export async function chooseTheme(page: Page, theme: Theme): Promise<void> {
  await page.evaluate((chosen) => {
    const key = "bursar-theme";
    localStorage.setItem(key, chosen);
    dispatchEvent(new StorageEvent("storage", { key, newValue: chosen, storageArea: localStorage }));
  }, theme);
  await page.locator(`html[data-mantine-color-scheme=${theme}]`).waitFor({ state: "attached" });
}

/** How far a page can be scrolled sideways, in pixels. */
export function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

async function resize(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await settled(page);
}

async function overflowOf(page: Page): Promise<string[]> {
  const pixels = await sidewaysOverflow(page);
  return pixels === 0 ? [] : [`scrolls ${pixels} px sideways`];
}
