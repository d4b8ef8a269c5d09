/** How a sync goes, as the server's events tell it. */
export interface Progress {
  readonly connection: string;
  readonly windowsDone: number;
  readonly windowsTotal: number;
  readonly rows: number;
  readonly msLeft: number | null;
  readonly pausedUntilMs: number | null;
  readonly nowMs: number;
  readonly streams: readonly {
    readonly stream: string;
    readonly title: string;
    readonly state: "waiting" | "running" | "done" | "partial" | "refused" | "not_available" | "failed";
    readonly windowsDone: number;
    readonly windowsTotal: number;
    readonly rows: number;
  }[];
}

/** The event's picture, or null before there is one. */
export function progressOf(value: unknown): Progress | null {
  const isPicture = typeof value === "object" && value !== null && "streams" in value && Array.isArray(value.streams);
  return isPicture ? (value as Progress) : null;
}

/** `about 2 minutes`, `a few seconds`. */
export function leftText(ms: number): string {
  if (ms < 8_000) return "a few seconds";
  if (ms < 90_000) return `about ${Math.round(ms / 5_000) * 5} seconds`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 90 ? `about ${minutes} minutes` : `about ${Math.round(minutes / 60)} hours`;
}
