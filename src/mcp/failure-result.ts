import type { CallToolResult } from "@modelcontextprotocol/server";

import { isFailure, placeOfBug, type Log } from "../domain/index.ts";
import { safeText } from "./safe-texts.ts";

/** What went wrong, in words that a model can act on. */
export interface ToldFailure {
  /** Of the failure, or `bug`. */
  readonly code: string;
  /** Cause and remedy. */
  readonly text: string;
}

/** A failure in its own words; of a bug of ours nothing is told but where it stands in the log. */
export function toldFailure(thrown: unknown, log: Log, tool: string): ToldFailure {
  if (isFailure(thrown)) return { code: thrown.code, text: safeText(`${thrown.message} ${thrown.hint}`) };
  log("error", "mcp.fault", { tool, failure: placeOfBug(thrown) });
  return { code: "bug", text: "Something went wrong that should not. Report it; the place stands in the log." };
}

export function failureResult({ code, text }: ToldFailure): CallToolResult {
  return { content: [{ type: "text", text: `${text} (${code})` }], isError: true };
}
