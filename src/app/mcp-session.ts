import type { Readable, Writable } from "node:stream";

import type { Globals } from "../cli/index.ts";
import type { Log } from "../domain/index.ts";
import { serveMcpStdio, type McpSession } from "../mcp/index.ts";
import type { Settings } from "./config.ts";
import type { McpRecord } from "./mcp-record.ts";
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
  let opened: Promise<McpRecord> | undefined;
  const open = () =>
    (opened ??= openNow(mcp).catch((thrown: unknown) => {
      opened = undefined;
      throw thrown;
    }));
  const session: McpSession = { permissions: null, open };
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

/** Everything that a call needs and a list does not is loaded with the first one. */
async function openNow(mcp: McpProcess): Promise<McpRecord> {
  const { openRecord } = await import("./mcp-record.ts");
  return openRecord(mcp, PRINCIPAL);
}
