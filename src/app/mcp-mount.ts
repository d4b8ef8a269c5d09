import { Hono } from "hono";

import type { ApiEnv, Mount } from "../api/index.ts";
import { loadMcpHttp, type McpHttpParts } from "../mcp/index.ts";

/** `/mcp` of the server, behind its gate and its limits. */
export async function mcpMount(parts: McpHttpParts): Promise<Mount> {
  const createMcpHttp = await loadMcpHttp();
  const mcp = createMcpHttp(parts);
  return {
    path: "/mcp",
    refusesForeignPages: true,
    tell: (c, failure) => mcp.tell(c.req.raw, failure),
    app: ({ charge }) => {
      const app = new Hono<ApiEnv>();
      app.all("/", (c) => mcp.answer(c.req.raw, { address: c.get("address"), charge }));
      return app;
    },
  };
}
