import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";

import { chosenTenant, post, useSyncProgress, type Input, type SyncRun } from "../client/index.ts";

interface Orders {
  readonly sync: Input<"sync">;
  readonly backfill: Input<"backfill">;
}

interface Started {
  readonly run: SyncRun;
  readonly isNew: boolean;
}

/** The tenant's syncs as a page follows them. */
export interface Syncs {
  /** The one that runs, or the last that was heard of. */
  readonly run: SyncRun | null;
  readonly isRunning: boolean;
  /** An order that waits until the sync that was already running has ended. */
  readonly isQueued: boolean;
  /** Orders one and does not wait for its end. @throws Problem */
  readonly start: <What extends keyof Orders>(what: What, input: Orders[What]) => Promise<void>;
}

/** Follows the tenant's syncs live, and orders new ones: one at a time, so one may have to wait for another. */
export function useSyncs(): Syncs {
  const queries = useQueryClient();
  const heard = useSyncProgress(true);
  const [ordered, setOrdered] = useState<SyncRun | null>(null);
  const [queued, setQueued] = useState<{ what: keyof Orders; input: object; behind: string } | null>(null);
  const run = ordered !== null && (heard === null || heard.startedAt < ordered.startedAt) ? ordered : heard;
  const isRunning = run !== null && run.endedAt === null;

  const start = useCallback(async (what: keyof Orders, input: object) => {
    const started = (await post(`/api/v1/${what}`, input, { tenant: chosenTenant() })) as Started;
    setOrdered(started.run);
    setQueued(started.isNew ? null : { what, input, behind: started.run.id });
  }, []);

  // What ran has ended: every figure may have moved.
  const wasRunning = useRef(false);
  useEffect(() => {
    if (wasRunning.current && !isRunning) void queries.invalidateQueries({ queryKey: [chosenTenant()] });
    wasRunning.current = isRunning;
  }, [isRunning, queries]);

  useEffect(() => {
    if (queued === null || run === null || run.id !== queued.behind || run.endedAt === null) return;
    setQueued(null);
    void start(queued.what, queued.input);
  }, [queued, run, start]);

  return { run, isRunning, isQueued: queued !== null, start };
}
