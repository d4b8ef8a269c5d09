import type { FaultOrder } from "../../../src/emulator/index.ts";
import type { RunReport, StreamReport } from "../../../src/sync/index.ts";
import type { TestBursar, TestSync } from "../../support/bursar.ts";

/** The world of the fault suite: small, and every day of it inside every look-back, so that one more sync mends it. */
export const FAULT_WORLD = { seed: 11, people: 20, days: 3, end: "2026-10-31", scale: 1 };

/** A low cap: reading ten thousand empty pages shows no more than reading two hundred. */
export const MOST_PAGES = 200;

export interface FaultCase {
  readonly id: string;
  /** What the product does about it, as the summary table says it. */
  readonly expected: string;
  /** Told to the emulator before the sync. */
  readonly order?: Omit<FaultOrder, "id">;
  /** What the client's side does instead of, or beside, the emulator. */
  readonly sync?: (bursar: TestBursar) => Promise<RunReport>;
  readonly options?: (observed: Record<string, unknown>) => TestSync;
  readonly outcome: RunReport["outcome"] | "throws";
  /** The fault's own assertion: every line is something that must be true. */
  readonly holds: (seen: Seen) => Promise<Record<string, boolean>> | Record<string, boolean>;
}

export interface Seen {
  readonly bursar: TestBursar;
  /** Null when the sync threw. */
  readonly report: RunReport | null;
  readonly thrown: unknown;
  readonly observed: Record<string, unknown>;
  /** Requests of the faulted sync to paths that end so. */
  requests(path: string): number;
  stream(name: string): StreamReport;
}
