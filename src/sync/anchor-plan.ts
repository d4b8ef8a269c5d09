import type { AnchorPost, Handed } from "../anchors/index.ts";
import type { AnchorRow } from "../store/index.ts";

/** One thing to ask of one service. */
export type AnchorTask =
  /** The present checkpoint; `row` waits for it already, perhaps with an older one. */
  | { readonly what: "hand"; readonly post: AnchorPost; readonly row: AnchorRow | null }
  /** How an earlier one is getting on. */
  | { readonly what: "go on"; readonly post: AnchorPost; readonly row: AnchorRow };

export interface AnchorTiming {
  readonly nowMs: number;
  /** Between two checkpoints for one service; witnesses get every one. */
  readonly everyMs: number;
  /** Whatever was to be waited for: somebody asks for it now. */
  readonly isAsked: boolean;
}

/** What is to be asked of the services now, given what became of earlier checkpoints. */
export function planAnchors(
  posts: readonly AnchorPost[],
  rows: readonly AnchorRow[],
  signedSize: number,
  timing: AnchorTiming,
): AnchorTask[] {
  return posts.flatMap((post) => {
    const mine = rows.filter(({ kind, target }) => kind === post.kind && target === post.target);
    const tasks = mine
      .filter((row) => isOpen(post, row) && isDue(row, timing))
      .map((row): AnchorTask => ({ what: "go on", post, row }));
    return isWanted(post, mine, signedSize, timing)
      ? [...tasks, { what: "hand", post, row: mine.find(({ state }) => state === "waiting") ?? null }]
      : tasks;
  });
}

/** Whether a row waits for its service to come further. */
export function isOpen(post: AnchorPost, { state, proof, facts }: AnchorRow): boolean {
  if (state === "waiting" || proof === null) return false;
  return post.isOpen?.(state, JSON.parse(facts) as Handed["facts"]) === true;
}

/** When to ask again: a minute after the first failure, then each time twice as long, at most six hours. */
export function retryAt(nowMs: number, tries: number): number {
  return nowMs + Math.min(MINUTE * 2 ** Math.max(0, tries - 1), LONGEST_WAIT);
}

/** Calendars put digests into a block some hours apart. */
export const PENDING_WAIT_MS = 60 * 60_000;

const MINUTE = 60_000;
const LONGEST_WAIT = 6 * 60 * MINUTE;

function isWanted(post: AnchorPost, mine: readonly AnchorRow[], signedSize: number, timing: AnchorTiming): boolean {
  const waiting = mine.find(({ state }) => state === "waiting");
  if (waiting !== undefined) return isDue(waiting, timing);
  const last = mine.find(({ state }) => state !== "waiting");
  if (last === undefined) return true;
  if (last.size >= signedSize) return false;
  if (post.kind === "witness" || timing.isAsked) return true;
  return timing.nowMs >= last.handedMs! + timing.everyMs;
}

function isDue({ dueMs }: AnchorRow, { nowMs, isAsked }: AnchorTiming): boolean {
  return isAsked || dueMs <= nowMs;
}
