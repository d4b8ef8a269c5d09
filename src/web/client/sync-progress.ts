import { useEffect, useState } from "react";

/** One message of `GET /api/v1/events`, as the server writes it. */
export type SyncEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/**
 * The latest message about a running sync, or null. The browser connects again by itself when the line breaks.
 *
 * @param listen whether to keep a connection open at all
 */
export function useSyncProgress(listen: boolean, onEvent?: (event: SyncEvent) => void): SyncEvent | null {
  const [latest, setLatest] = useState<SyncEvent | null>(null);
  useEffect(() => {
    if (!listen) return;
    const source = new EventSource("/api/v1/events");
    const receive = (message: MessageEvent<string>) => {
      const event = parseEvent(message.type, message.data);
      if (event === null) return;
      setLatest(event);
      onEvent?.(event);
    };
    for (const type of ["message", "progress", "sync", "done"]) source.addEventListener(type, receive);
    return () => source.close();
  }, [listen, onEvent]);
  return latest;
}

/** A message that is no JSON object is nothing to show. */
export function parseEvent(type: string, data: string): SyncEvent | null {
  try {
    const read: unknown = JSON.parse(data);
    return typeof read === "object" && read !== null ? { type, ...read } : null;
  } catch {
    return null;
  }
}
