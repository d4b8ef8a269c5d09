import { PassThrough } from "node:stream";

import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";

import { silentLog } from "../../src/domain/index.ts";
import { serveMcpStdio } from "../../src/mcp/index.ts";
import { KeptAnswers } from "../../src/mcp/kept-answers.ts";
import type { Shelf } from "../../src/mcp/shelf.ts";
import { LookTrail, type OperationContext } from "../../src/operations/index.ts";
import { TestSyncs } from "./api.ts";
import { callWith, clientOf, type TestClientOptions, type TestMcpClient } from "./mcp.ts";

export interface StdioMcp extends TestMcpClient {
  readonly syncs: TestSyncs;
  close(): Promise<void>;
}

export interface StdioOptions extends Pick<TestClientOptions, "revision" | "approve"> {
  /** The catalogs unless told. */
  readonly shelf?: Shelf;
}

/** The official client of a server on pipes, that answers as whoever a context is of. */
export async function mcpOver(context: OperationContext, options: StdioOptions = {}): Promise<StdioMcp> {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const ending = new AbortController();
  const syncs = new TestSyncs();
  const { clock, random, caller } = context;
  const opened = { context, kept: new KeptAnswers(), looks: new LookTrail(clock), syncs };
  const served = serveMcpStdio(
    {
      version: "0.0.0",
      writes: true,
      random,
      log: silentLog,
      origin: "http://127.0.0.1",
      ...(options.shelf === undefined ? {} : { shelf: options.shelf }),
    },
    { permissions: caller.permissions, open: async () => opened },
    { stdin: up, stdout: down, signal: ending.signal },
  );
  const client = clientOf(options);
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
