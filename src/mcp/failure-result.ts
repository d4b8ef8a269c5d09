import { ProtocolError, ProtocolErrorCode, type CallToolResult } from "@modelcontextprotocol/server";

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
export function toldFailure(thrown: unknown, log: Log, asked: string): ToldFailure {
  if (isFailure(thrown)) return { code: thrown.code, text: safeText(`${thrown.message} ${thrown.hint}`) };
  log("error", "mcp.fault", { asked, failure: placeOfBug(thrown) });
  return { code: "bug", text: "Something went wrong that should not. Report it; the place stands in the log." };
}

/** The same where the protocol has no place for it but an error of its own. */
export function protocolError(thrown: unknown, log: Log, method: string): ProtocolError {
  if (thrown instanceof ProtocolError) return thrown;
  const { code, text } = toldFailure(thrown, log, method);
  const isAsked = isFailure(thrown) && thrown.status < 500;
  return new ProtocolError(isAsked ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError, text, { code });
}

export function failureResult({ code, text }: ToldFailure): CallToolResult {
  return { content: [{ type: "text", text: `${text} (${code})` }], isError: true };
}
