import { Failure, type Json } from "../domain/index.ts";
import type { SyncOrder, SyncRun, Syncs } from "../operations/index.ts";
import type { StartedSync, ToolCall } from "./tool-call.ts";

/** Starts a sync, or finds the one that runs, and lets its end be waited for. */
export function followSync(
  syncs: Syncs,
  tenant: string,
  order: SyncOrder,
  { signal, progress }: Pick<ToolCall, "signal" | "progress">,
): StartedSync {
  const { run, isNew } = syncs.start(tenant, order);
  return { run, isNew, ended: () => endOf(syncs, run, { signal, progress }) };
}

async function endOf(
  syncs: Syncs,
  { id, tenant }: SyncRun,
  { signal, progress }: Pick<ToolCall, "signal" | "progress">,
): Promise<SyncRun> {
  let leave = () => {};
  try {
    return await new Promise<SyncRun>((resolve, reject) => {
      const look = (run: SyncRun) => {
        if (run.id !== id) return;
        if (run.endedAt !== null) resolve(run);
        else tell(run.progress, progress);
      };
      const unsubscribe = syncs.subscribe(tenant, ({ run }) => look(run));
      const stop = () => reject(new Failure("app.cancelled"));
      signal.addEventListener("abort", stop, { once: true });
      leave = () => {
        unsubscribe();
        signal.removeEventListener("abort", stop);
      };
      if (signal.aborted) stop();
      // It may have ended before anybody listened.
      const latest = syncs.latest(tenant);
      if (latest !== null) look(latest);
    });
  } finally {
    leave();
  }
}

/** The picture that a syncing process gives, as far as it is one. */
function tell(picture: Json, progress: ToolCall["progress"]): void {
  if (typeof picture !== "object" || picture === null || Array.isArray(picture)) return;
  const { windowsDone, windowsTotal, rows, connection } = picture as Readonly<Record<string, Json>>;
  if (typeof windowsDone !== "number" || typeof windowsTotal !== "number") return;
  const read = typeof rows === "number" ? `${rows} rows` : "reading";
  progress(windowsDone, windowsTotal, typeof connection === "string" ? `${connection}: ${read}` : read);
}
