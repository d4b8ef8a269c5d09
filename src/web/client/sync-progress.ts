import { useEffect, useState } from "react";

// A type alone: nothing of the server is in the pages.
import type { SyncRun } from "../../operations/index.ts";
import { chosenTenant } from "./tenant.ts";

export type { SyncRun };

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
