import type { Readable, Writable } from "node:stream";

import { operatorCaller } from "../access/index.ts";
import type { Globals } from "../cli/index.ts";
import type { Log } from "../domain/index.ts";
import { KeptAnswers, serveMcpStdio, type McpSession } from "../mcp/index.ts";
import type { Settings } from "./config.ts";
import { originOf } from "./origin.ts";
import { random } from "./random.ts";

export interface McpProcess {
  readonly settings: Settings;
  readonly globals: Globals;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly log: Log;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly signal: AbortSignal;
}

const PRINCIPAL = "mcp";

/**
 * Answers an MCP client as the operator. The record is opened by the first call that needs it, and looked for again by
 * the next one where there was none: a client may be set up before anything is connected.
 */
export async function serveMcp(mcp: McpProcess): Promise<void> {
  const { settings, version, log } = mcp;
  let opened: ReturnType<typeof openRecord> | undefined;
  const open = () =>
    (opened ??= openRecord(mcp).catch((thrown: unknown) => {
      opened = undefined;
      throw thrown;
    }));
  const session: McpSession = { permissions: operatorCaller(PRINCIPAL).permissions, open };
  try {
    await serveMcpStdio(
      { version, writes: settings.allowWrites, random, log, origin: originOf(settings) },
      session,
      mcp,
    );
  } finally {
    await (await opened?.catch(() => undefined))?.close();
  }
}

/** Everything that a call needs and a list does not, loaded with the first one. */
async function openRecord({ settings, globals, env, version, log, signal }: McpProcess) {
  const { openSession } = await import("./compose.ts");
  const { systemClock } = await import("../domain/index.ts");
  const { LookTrail } = await import("../operations/index.ts");
  const { SyncRunner } = await import("./sync-runner.ts");
  const { runSyncProcess } = await import("./sync-process.ts");
  const { tenant } = globals;
  const note = () => {};
  const options = { settings, tenant, env, version, log, note, signal, mode: "change", principal: PRINCIPAL } as const;
  const session = await openSession(options);
  const syncs = new SyncRunner({
    clock: systemClock,
    random,
    start: (name, order, onProgress) => runSyncProcess({ settings, env, globals }, name, order, onProgress),
  });
  return {
    context: session.context,
    kept: new KeptAnswers(),
    looks: new LookTrail(systemClock),
    syncs,
    async close() {
      await syncs.end();
      await session.close();
    },
  };
}
