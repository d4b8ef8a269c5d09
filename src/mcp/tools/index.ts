import type { Tool } from "../define-tool.ts";

/** Every tool, in the order in which they are listed. */
export const tools: readonly Tool[] = [];
