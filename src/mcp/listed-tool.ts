import type { ToolAnnotations } from "@modelcontextprotocol/server";

import { ANNOTATIONS } from "./annotations.ts";
import type { Tool } from "./define-tool.ts";
import { inputSchemaOf, outputSchemaOf, type ObjectSchema } from "./tool-schema.ts";

/** A tool as a client lists it. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema: ObjectSchema;
  readonly annotations: ToolAnnotations;
}

export function listedTool(tool: Tool): ListedTool {
  const { name, title, description, effect } = tool;
  return {
    name,
    title,
    description,
    inputSchema: inputSchemaOf(tool),
    outputSchema: outputSchemaOf(tool),
    annotations: ANNOTATIONS[effect],
  };
}
