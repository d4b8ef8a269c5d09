export { createMcpHttp, type McpHttp, type McpHttpParts } from "./http.ts";
export { KeptAnswers } from "./kept-answers.ts";
export type { McpParts, McpSession } from "./parts.ts";
export { serveMcpStdio } from "./stdio.ts";
