import { PassThrough } from "node:stream";

import { Client } from "@modelcontextprotocol/client";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";

import { silentLog } from "../../src/domain/index.ts";
import { KeptAnswers, serveMcpStdio } from "../../src/mcp/index.ts";
import { LookTrail, type OperationContext } from "../../src/operations/index.ts";
import { TestSyncs } from "./api.ts";
import { callWith, type TestMcpClient } from "./mcp.ts";

export interface StdioMcp extends TestMcpClient {
  readonly syncs: TestSyncs;
  close(): Promise<void>;
}

/** The official client of a server on pipes, that answers as whoever a context is of. */
export async function mcpOver(context: OperationContext): Promise<StdioMcp> {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const ending = new AbortController();
  const syncs = new TestSyncs();
  const { clock, random, caller } = context;
  const opened = { context, kept: new KeptAnswers(), looks: new LookTrail(clock), syncs };
  const served = serveMcpStdio(
    { version: "0.0.0", writes: true, random, log: silentLog, origin: "http://127.0.0.1" },
    { permissions: caller.permissions, open: async () => opened },
    { stdin: up, stdout: down, signal: ending.signal },
  );
  const client = new Client({ name: "test", version: "0.0.0" });
  // One JSON a line, either way: the transport is the same at both ends.
  await client.connect(new StdioServerTransport(down, up));
  await client.listTools();
  return {
    client,
    syncs,
    call: (name, args) => callWith(client, name, args),
    close: async () => {
      await client.close();
      ending.abort();
      await served;
    },
  };
}
