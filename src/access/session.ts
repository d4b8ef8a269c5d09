import type { SignInSessionRow } from "../store/index.ts";

const HOUR = 3_600_000;

/** A session ends after this time however much it is used. */
export const LONGEST_SESSION_MS = 7 * 24 * HOUR;

/** And after this time without use, unless the tenant's settings say less. */
export const IDLE_SESSION_MS = 12 * HOUR;

/** "Last seen" is written down at most this often. */
const SEEN_EVERY_MS = 60_000;

type Times = Pick<SignInSessionRow, "seenMs" | "idleMs" | "endsMs">;

export function isLive({ seenMs, idleMs, endsMs }: Times, nowMs: number): boolean {
  return nowMs < endsMs && nowMs - seenMs < idleMs;
}

/** Whether "last seen" or "last used" is old enough to be written again. */
export function isDueToTouch(seenMs: number | null, nowMs: number): boolean {
  return seenMs === null || nowMs - seenMs >= SEEN_EVERY_MS;
}

/** A browser in a few words: `Firefox on Linux`. What it says of itself is long, changes, and helps nobody. */
export function agentOf(userAgent: string | null | undefined): string {
  const text = (userAgent ?? "").slice(0, 500);
  const find = (choices: readonly (readonly [RegExp, string])[]) => choices.find(([sign]) => sign.test(text))?.[1];
  const browser = find(BROWSERS) ?? "another browser";
  const system = find(SYSTEMS);
  return system === undefined ? browser : `${browser} on ${system}`;
}

const BROWSERS = [
  [/\bEdg\//, "Edge"],
  [/\bFirefox\//, "Firefox"],
  [/\bOPR\//, "Opera"],
  [/\bChrom(?:e|ium)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
  [/\bcurl\//, "curl"],
] as const;

const SYSTEMS = [
  [/\bAndroid\b/, "Android"],
  [/\b(?:iPhone|iPad)\b/, "iOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
] as const;
