import { count, type Column, type Json, type RowValue } from "../../domain/index.ts";
import { countAt, type Problem } from "../read.ts";

/** Where each count of a messages result stands. All are documented as always present. */
const PATHS = {
  uncached_input_tokens: "uncached_input_tokens",
  cache_creation_5m_input_tokens: "cache_creation.ephemeral_5m_input_tokens",
  cache_creation_1h_input_tokens: "cache_creation.ephemeral_1h_input_tokens",
  cache_read_input_tokens: "cache_read_input_tokens",
  output_tokens: "output_tokens",
  web_search_requests: "server_tool_use.web_search_requests",
} as const;

export const TOKEN_COUNTS = Object.keys(PATHS) as (keyof typeof PATHS)[];

export const tokenColumns: Readonly<Record<keyof typeof PATHS, Column>> = {
  uncached_input_tokens: count(),
  cache_creation_5m_input_tokens: count(),
  cache_creation_1h_input_tokens: count(),
  cache_read_input_tokens: count(),
  output_tokens: count(),
  web_search_requests: count(),
};

/** The six counts of a result. */
export function tokenCounts(result: Json | undefined, problem: Problem): Record<string, RowValue> {
  return Object.fromEntries(TOKEN_COUNTS.map((name) => [name, countAt(result, PATHS[name], problem, "required")]));
}
