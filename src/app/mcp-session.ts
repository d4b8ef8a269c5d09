import type { Readable, Writable } from "node:stream";

import { operatorCaller } from "../access/index.ts";
import type { Globals, Session } from "../cli/index.ts";
import { systemClock, type Log } from "../domain/index.ts";
import { serveMcpStdio, type McpSession } from "../mcp/index.ts";
import { LookTrail } from "../operations/index.ts";
import { openSession, originOf, random } from "./compose.ts";
import type { Settings } from "./config.ts";
import { runSyncProcess } from "./sync-process.ts";
import { SyncRunner } from "./sync-runner.ts";

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
  const { settings, globals, env, version, log, signal } = mcp;
  let opened: Promise<Session> | undefined;
  const open = () =>
    (opened ??= openSession({
      settings,
      mode: "change",
      tenant: globals.tenant,
      principal: PRINCIPAL,
      env,
      version,
      log,
      note: () => {},
      signal,
    }).catch((thrown: unknown) => {
      opened = undefined;
      throw thrown;
    }));
  const session: McpSession = {
    permissions: operatorCaller(PRINCIPAL).permissions,
    open: async () => (await open()).context,
  };
  const syncs = new SyncRunner({
    clock: systemClock,
    random,
    start: (tenant, order, onProgress) => runSyncProcess({ settings, env, globals }, tenant, order, onProgress),
  });
  try {
    await serveMcpStdio(
      {
        version,
        writes: settings.allowWrites,
        clock: systemClock,
        random,
        log,
        origin: originOf(settings),
        looks: new LookTrail(systemClock),
        syncs,
      },
      session,
      mcp,
    );
  } finally {
    await syncs.end();
    await (await opened?.catch(() => undefined))?.close();
  }
}
