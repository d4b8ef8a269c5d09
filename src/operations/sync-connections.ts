import type { z } from "zod";

import { Failure } from "../domain/index.ts";
import { findConnection, listConnections, type ConnectionRow } from "../store/index.ts";
import { syncConnection, type RunReport, type SyncOptions } from "../sync/index.ts";
import type { OperationContext } from "./context.ts";
import type { syncOutput } from "./run-report.ts";
import { rebuildStale } from "./stale-rows.ts";
import { upstreamOf } from "./upstream-of.ts";

type SyncOutput = z.output<typeof syncOutput>;

const WORST_FIRST = ["credential", "cancelled", "partial", "complete"] as const;

/**
 * Syncs one connection of the tenant, or all that have a key, one after the other.
 *
 * @throws Failure `store.no_connection`, `store.unknown_connection`, `vault.locked`, `sync.lease_held`, `store.*`
 */
export async function syncConnections(
  context: OperationContext,
  asked: { readonly connection?: string | undefined; readonly streams?: readonly string[] | undefined },
  from?: SyncOptions["from"],
): Promise<SyncOutput> {
  const streams = asked.streams === undefined ? {} : { streams: knownStreams(context, asked.streams) };
  const runs: SyncOutput["runs"] = [];
  const connections = await chosenConnections(context, asked.connection);
  await rebuildStale(context);
  for (const row of connections) {
    if (context.signal.aborted) break;
    const { client, close } = await context.keyring.clientFor(row, upstreamOf(context, row));
    try {
      const report = await syncConnection(
        await context.effects(),
        context.scope,
        { row, client },
        {
          ...streams,
          ...(from === undefined ? {} : { from }),
          signal: context.signal,
          ...(context.onSyncProgress === undefined ? {} : { onProgress: context.onSyncProgress }),
        },
      );
      runs.push(shown(report));
    } finally {
      await close();
    }
  }
  const outcomes = new Set(runs.map(({ outcome }) => outcome));
  return { outcome: WORST_FIRST.find((one) => outcomes.has(one)) ?? "cancelled", runs };
}

/** The connections that a sync or a probe is about. */
export async function chosenConnections(
  { store, scope }: OperationContext,
  name: string | undefined,
): Promise<ConnectionRow[]> {
  return store.read(async (tx) => {
    if (name !== undefined) {
      const found = await findConnection(tx, scope, name);
      if (found === null) throw new Failure("store.unknown_connection", { name });
      if (found.state === "disconnected") throw disconnected(name);
      return [found];
    }
    const all = (await listConnections(tx, scope)).filter(({ state }) => state !== "disconnected");
    if (all.length === 0) throw new Failure("store.no_connection");
    return all;
  });
}

function disconnected(name: string): Failure {
  const remedy = `Run bursar connect --name ${name} with a key of the same organization.`;
  return new Failure("input.invalid", {
    field: "connection",
    problem: `${name} is disconnected; it has no key`,
    remedy,
  });
}

function knownStreams({ streams }: OperationContext, asked: readonly string[]): readonly string[] {
  const names = streams.map(({ name }) => name);
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Failure("input.unknown_value", { field: "stream", value: unknown, choices: names.join(", ") });
  }
  return asked;
}

function shown({ startedAtMs, endedAtMs, streams, ...rest }: RunReport): SyncOutput["runs"][number] {
  return {
    ...rest,
    startedAt: new Date(startedAtMs).toISOString(),
    endedAt: new Date(endedAtMs).toISOString(),
    streams: streams.map((stream) => ({ ...stream })),
  };
}
