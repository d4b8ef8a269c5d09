import type { SyncProgress } from "../sync/index.ts";
import type { Io } from "./io.ts";
import { counted, duration, grouped } from "./text.ts";

const REDRAW_MS = 100;
const LINE_MS = 5_000;
/** Set by the server for the syncs it starts: progress as JSON lines, for those who follow it there. */
const AS_JSON = "BURSAR_PROGRESS";
const JSON_MS = 250;

/** Shows how a sync goes on stderr: redrawn in place on a terminal, elsewhere a line every few seconds. */
export interface Display {
  show(progress: SyncProgress): void;
  /** Leaves the last picture standing. */
  end(): void;
}

export function progressDisplay(io: Io): Display {
  if (io.env[AS_JSON] === "json") return jsonLines(io);
  return io.canRedraw ? redrawn(io) : lines(io);
}

function redrawn(io: Io): Display {
  let drawnRows = 0;
  let drawnAt = 0;
  let latest: SyncProgress | null = null;
  const draw = () => {
    if (latest === null) return;
    const width = io.columns();
    const picture = pictureOf(latest, width);
    // Up to the first row of the last picture, then everything below is cleared: a shorter picture leaves no rest.
    io.err(`${drawnRows > 0 ? `\u001b[${drawnRows}A` : ""}\r\u001b[J${picture.join("\n")}\n`);
    drawnRows = picture.length;
  };
  return {
    show(progress) {
      latest = progress;
      if (progress.nowMs - drawnAt < REDRAW_MS) return;
      drawnAt = progress.nowMs;
      draw();
    },
    end() {
      draw();
      drawnRows = 0;
      latest = null;
    },
  };
}

function lines(io: Io): Display {
  let toldAt = 0;
  let latest: SyncProgress | null = null;
  const told = new Set<string>();
  const tellDone = (progress: SyncProgress) => {
    for (const { stream, state, windowsDone, rows } of progress.streams) {
      if (state === "waiting" || state === "running" || told.has(stream)) continue;
      told.add(stream);
      io.err(
        `bursar: ${progress.connection}: ${stream} ${WORDS[state]}, ${counted(windowsDone, "window")}, ${counted(rows, "row")}\n`,
      );
    }
  };
  return {
    show(progress) {
      latest = progress;
      tellDone(progress);
      if (toldAt === 0) toldAt = progress.nowMs;
      if (progress.nowMs - toldAt < LINE_MS) return;
      toldAt = progress.nowMs;
      io.err(`bursar: ${summaryOf(progress)}\n`);
    },
    end() {
      if (latest !== null) tellDone(latest);
      told.clear();
    },
  };
}

function jsonLines(io: Io): Display {
  let toldAt = 0;
  let untold: SyncProgress | null = null;
  const tell = (progress: SyncProgress) => {
    untold = null;
    toldAt = progress.nowMs;
    io.err(`${JSON.stringify({ progress })}\n`);
  };
  return {
    show(progress) {
      if (progress.nowMs - toldAt >= JSON_MS) tell(progress);
      else untold = progress;
    },
    end() {
      if (untold !== null) tell(untold);
    },
  };
}

const WORDS = {
  waiting: "waiting",
  running: "running",
  done: "done",
  partial: "partial",
  refused: "refused",
  not_available: "not on this plan",
  failed: "failed",
} as const;

const MARKS = {
  waiting: "·",
  running: "›",
  done: "✓",
  partial: "!",
  refused: "–",
  not_available: "–",
  failed: "✗",
} as const;

function pictureOf(progress: SyncProgress, width: number): string[] {
  const streams = progress.streams.map(({ stream, state, windowsDone, windowsTotal, rows }) => {
    const share = windowsTotal === 0 ? (state === "done" ? 1 : 0) : windowsDone / windowsTotal;
    const bar = width >= 72 ? ` ${barOf(share, 16)}` : "";
    const counts = `${grouped(windowsDone)}/${grouped(windowsTotal)}`;
    return `${MARKS[state]} ${stream.padEnd(18)}${bar} ${counts.padStart(9)} ${grouped(rows).padStart(11)} rows`.slice(
      0,
      width - 1,
    );
  });
  return [...streams, summaryOf(progress).slice(0, width - 1)];
}

function barOf(share: number, cells: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * cells);
  return `${"█".repeat(full)}${"░".repeat(cells - full)}`;
}

function summaryOf(progress: SyncProgress): string {
  const { connection, nowMs, startedAtMs, windowsDone, windowsTotal, rows, msLeft, pausedUntilMs } = progress;
  const seconds = Math.max(1, (nowMs - startedAtMs) / 1000);
  const left = msLeft === null || windowsDone >= windowsTotal ? "" : `, ${duration(msLeft)} left`;
  const paused =
    pausedUntilMs !== null && pausedUntilMs > nowMs ? `, upstream asks to wait ${duration(pausedUntilMs - nowMs)}` : "";
  return `${connection}: ${grouped(windowsDone)} of ${grouped(windowsTotal)} windows, ${grouped(rows)} rows, ${grouped(Math.round(rows / seconds))} rows/s${left}${paused}`;
}
