import { ProtocolError, ProtocolErrorCode, Server } from "@modelcontextprotocol/server";

import type { ApprovalStates } from "./approval.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import { isThere, mayUse } from "./listed-tool.ts";
import type { McpParts, McpSession } from "./parts.ts";
import { shelf } from "./shelf.ts";

/**
 * The server of one caller: for a connection on stdio, for a request over HTTP. It lists what they may use and nothing
 * else; what it loads to list is little, the rest comes with the first call.
 */
export function createMcpServer(parts: McpParts, session: McpSession, approvals: ApprovalStates): Server {
  const { version, tools = shelf } = parts;
  const server = new Server(
    { name: "bursar", title: "Bursar", version },
    {
      capabilities: { tools: {}, logging: {} },
      instructions: INSTRUCTIONS,
      requestState: { verify: approvals.verify },
    },
  );
  server.setRequestHandler("tools/list", async () => {
    const listed = await tools.listed();
    return { tools: listed.filter((tool) => isThere(tool, parts) && mayUse(tool, session)).map(({ tool }) => tool) };
  });
  server.setRequestHandler("tools/call", async ({ params }, ctx) => {
    const tool = await tools.find(params.name);
    if (tool === undefined || !isThere(tool, parts))
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Unknown tool: there is none of this name here");
    const { callTool } = await import("./call-tool.ts");
    return callTool({ parts, session, server, ctx, approvals }, tool, params.arguments);
  });
  return server;
}
