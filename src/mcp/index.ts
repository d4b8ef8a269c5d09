export { createMcpHttp, type McpHttp, type McpHttpParts } from "./http.ts";
export type { McpParts, McpSession } from "./parts.ts";
export { serveMcpStdio } from "./stdio.ts";
