export type { McpHttp, McpHttpParts } from "./http.ts";
export { loadKeptAnswers, loadMcpHttp } from "./load.ts";
export type { McpParts, McpSession, OpenedSession } from "./parts.ts";
export { serveMcpStdio } from "./stdio.ts";
