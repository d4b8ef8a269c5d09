import { exact } from "../format/index.ts";
import "./connect.css";
import { leftText, progressOf } from "./progress.ts";
import type { Syncs } from "./use-syncs.ts";

const STATES = {
  waiting: "waits",
  running: "being read",
  done: "read",
  partial: "in part",
  refused: "refused",
  not_available: "not there",
  failed: "failed",
} as const;

/** A sync as it goes: what is done, what is left, how fast. Nothing when none runs. */
export function SyncView({ syncs, withStreams = false }: { syncs: Syncs; withStreams?: boolean }) {
  const { run, isRunning, isQueued } = syncs;
  if (run === null || (!isRunning && !withStreams)) return null;
  const progress = progressOf(run.progress);
  const done = progress?.windowsDone ?? 0;
  const total = progress?.windowsTotal ?? 0;
  const share = isRunning ? (total === 0 ? 0 : done / total) : run.exit === 0 ? 1 : total === 0 ? 0 : done / total;
  return (
    <div className="sync-view">
      <div className="sync-line">
        <span>
          {titleOf(syncs)} {progress !== null && <bdi>{progress.connection}</bdi>}
        </span>
        <span className="quiet">{progress !== null && `${exact(progress.rows, "count")} rows`}</span>
      </div>
      <div
        className="sync-bar"
        role="progressbar"
        aria-label="How much of the sync is done"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <span style={{ width: `${Math.max(share * 100, isRunning ? 2 : 0)}%` }} />
      </div>
      <p className="small quiet" role="status">
        {progress === null
          ? isRunning
            ? "The first questions are on their way."
            : ""
          : `${exact(done, "count")} of ${exact(total, "count")} windows`}
        {isRunning && progress?.msLeft != null && `, ${leftText(progress.msLeft)} left`}
        {isRunning &&
          progress?.pausedUntilMs != null &&
          progress.pausedUntilMs > progress.nowMs &&
          ". Anthropic asks to wait; it goes on by itself"}
        {isQueued && ". What you ordered follows when this one has ended"}
      </p>
      {withStreams && progress !== null && (
        <ul className="sync-streams">
          {progress.streams.map(({ stream, title, state, rows, windowsDone, windowsTotal }) => (
            <li key={stream} data-state={state === "running" && !isRunning ? "partial" : state}>
              <span>{title}</span>
              <span className="quiet small">
                {state === "running" && !isRunning ? "stopped" : STATES[state]}
                {state === "running" && isRunning && windowsTotal > 1 && ` ${windowsDone}/${windowsTotal}`}
              </span>
              <span className="number quiet">{exact(rows, "count")}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function titleOf({ run, isRunning }: Syncs): string {
  if (!isRunning) return "The last reading of";
  return run?.what === "backfill" ? "Reading the past of" : "Reading what is new in";
}
