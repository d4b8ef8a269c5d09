import { useEffect, useState } from "react";

import { chosenTenant } from "./tenant.ts";

/** A sync as `GET /api/v1/events` tells it: the one that runs, or the last that ended. */
export interface SyncRun {
  readonly id: string;
  readonly tenant: string;
  readonly what: "sync" | "backfill";
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** 0 complete, 3 partial, 4 credential, 5 a fault; null while it runs. */
  readonly exit: number | null;
  /** Why it did not end complete, in a sentence, or null. */
  readonly problem: string | null;
  /** Streams with their windows and rows. */
  readonly progress: unknown;
}

const EVENTS = ["started", "progress", "ended"];

/**
 * How the tenant's sync goes, or null before anything was heard. The browser connects again by itself.
 *
 * @param listen whether to keep a line open at all
 */
export function useSyncProgress(listen: boolean): SyncRun | null {
  const [latest, setLatest] = useState<SyncRun | null>(null);
  useEffect(() => {
    if (!listen) return;
    const tenant = chosenTenant();
    const search = tenant === null ? "" : `?${new URLSearchParams({ tenant }).toString()}`;
    const source = new EventSource(`/api/v1/events${search}`);
    const receive = (message: MessageEvent<string>) => setLatest(JSON.parse(message.data) as SyncRun);
    for (const event of EVENTS) source.addEventListener(event, receive);
    return () => source.close();
  }, [listen]);
  return latest;
}
