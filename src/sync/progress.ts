import type { OpenConnection, StreamProgress, SyncProgress } from "./types.ts";

/** The picture of a run for a display: totals over its streams, and the time left by the rate so far. */
export function progressOf(
  { row, client }: OpenConnection,
  startedAtMs: number,
  nowMs: number,
  streams: readonly StreamProgress[],
): SyncProgress {
  const sum = (of: (stream: StreamProgress) => number): number => streams.reduce((total, one) => total + of(one), 0);
  const done = sum((stream) => stream.windowsDone);
  const open = sum((stream) => (isOver(stream) ? 0 : stream.windowsTotal - stream.windowsDone));
  const load = client.load();
  return {
    connection: row.name,
    startedAtMs,
    nowMs,
    streams,
    windowsDone: done,
    windowsTotal: sum((stream) => stream.windowsTotal),
    rows: sum((stream) => stream.rows),
    requestsInFlight: load.inFlight,
    pausedUntilMs: load.pausedUntil,
    msLeft: done < 3 ? null : Math.round(((nowMs - startedAtMs) / done) * open),
  };
}

function isOver({ state }: StreamProgress): boolean {
  return state !== "waiting" && state !== "running";
}
