import type { Readable, Writable } from "node:stream";

import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";

import { placeOfBug } from "../domain/index.ts";
import { approvalStates } from "./approval.ts";
import { createMcpServer } from "./create-mcp-server.ts";
import type { McpParts, McpSession } from "./parts.ts";

export interface Pipe {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly signal: AbortSignal;
}

/** Answers whoever started this process, in every revision, until they close their end or the signal. */
export async function serveMcpStdio(
  parts: Omit<McpParts, "transport">,
  session: McpSession,
  { stdin, stdout, signal }: Pipe,
): Promise<void> {
  const approvals = approvalStates(parts.random);
  const transport = new StdioServerTransport(stdin, stdout);
  const ended = new Promise<void>((resolve) => {
    for (const event of ["end", "close"]) stdin.once(event, () => resolve());
    stdout.once("error", () => resolve());
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted || stdin.readableEnded || stdin.destroyed) resolve();
  });
  const handle = serveStdio(() => createMcpServer({ ...parts, transport: "stdio" }, session, approvals), {
    transport,
    onerror: (error) => parts.log("debug", "mcp.refused", { failure: placeOfBug(error) }),
  });
  await ended;
  await handle.close();
}
