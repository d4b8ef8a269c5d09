import type { z } from "zod";

import type { Permission } from "../access/index.ts";
import type { ToolCall } from "./tool-call.ts";

/**
 * What a tool does to the world; its four annotations follow from it, in one table (`annotations.ts`).
 *
 * - `read`: answers from the record, or from Anthropic where `live` is asked
 * - `order`: sets work of our own going (a sync, a check of the ledger)
 * - `change`: changes something at Anthropic that can be changed back
 * - `destroy`: changes something at Anthropic that cannot
 */
export type ToolEffect = "read" | "order" | "change" | "destroy";

/**
 * One tool of the MCP server: what a model reads, what it may send, what it gets back.
 *
 * The host parses the input strictly (no extra members), checks the permission, leaves the trace, caps the size of the
 * answer, and tells failures with cause and remedy; a tool only asks operations and words the answer.
 */
export interface Tool<In extends z.ZodObject = z.ZodObject, Out extends z.ZodObject = z.ZodObject> {
  /** `snake_case`, frozen once published: prompts name it. */
  readonly name: string;
  readonly title: string;
  /** For a model, in one to three sentences: what it gives, when to use it, what to use instead. */
  readonly description: string;
  readonly input: In;
  /** Of the structured content. Shallow: its schema is read by models, and all tools together must stay small. */
  readonly output: Out;
  readonly permission: Permission;
  readonly effect: ToolEffect;
  /** Names the member of the output that is a list, when it is one: it is paged by `cursor` and cut at the size cap. */
  readonly list?: string;
  /** Also answers as known on a past day: the host takes `asOf`, and asks every operation that knows it with it. */
  readonly past?: true;
  /** Names members of the output (at any depth) of our own making that must arrive as they are: a proof, a note. */
  readonly verbatim?: readonly string[];
  run(call: ToolCall, input: z.output<In>): Promise<ToolAnswer<z.output<Out>>>;
}

export interface ToolAnswer<Data> {
  /** A few sentences or a small table, for whoever reads no structured content. Figures with unit, range and freshness. */
  readonly text: string;
  readonly data: Data;
  /** What was understood otherwise than it was written (`role admin is asked as …`), told with the answer. */
  readonly notes?: readonly string[];
}

export function defineTool<In extends z.ZodObject, Out extends z.ZodObject>(tool: Tool<In, Out>): Tool<In, Out> {
  return tool;
}
