import { z } from "zod";

import type { Tool } from "./define-tool.ts";
import { PAST } from "./looking-back.ts";

/** JSON Schema of an object, as MCP lists it. */
export interface ObjectSchema {
  readonly type: "object";
  readonly [keyword: string]: unknown;
}

/** Members that the host adds to the input of a tool with a list, and takes away before the tool runs. */
export const PAGING = { limit: z.int().min(1).max(1000).optional(), cursor: z.string().max(100).optional() };

/** What is read of a call: the tool's own members, a past day and paging, nothing else. */
export function readerOf(tool: Tool): z.ZodObject {
  const own = tool.past === true ? tool.input.safeExtend(PAST) : tool.input;
  return (tool.list === undefined ? own : own.safeExtend(PAGING)).strict();
}

export function inputSchemaOf(tool: Tool): ObjectSchema {
  return schemaOf(readerOf(tool), "input");
}

/** Of what the host sends: the tool's own members, and where its list goes on. */
export function outputSchemaOf(tool: Tool): ObjectSchema {
  const paged = { total: z.int(), nextCursor: z.string().nullable() };
  return schemaOf(tool.list === undefined ? tool.output : tool.output.safeExtend(paged), "output");
}

/**
 * As short as it can be said, because models read it with every question: no bounds that JSON numbers have anyway, one
 * `type` for what may be null.
 */
function schemaOf(schema: z.ZodObject, io: "input" | "output"): ObjectSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      // Answers may grow; what is sent may not.
      if (io === "output" && !isBound(jsonSchema.additionalProperties)) delete jsonSchema.additionalProperties;
      if (io === "output" && !isBound(jsonSchema.properties)) delete jsonSchema.properties;
      const [only, nothing, ...others] = jsonSchema.anyOf ?? [];
      if (nothing?.type === "null" && others.length === 0 && typeof only?.type === "string") {
        const { enum: values, ...kept } = only;
        delete jsonSchema.anyOf;
        // The type of one or the other, as the dialect allows and zod's own types do not.
        Object.assign(jsonSchema, kept, { type: [only.type, "null"] }, values ? { enum: [...values, null] } : {});
      }
    },
  });
  return { ...rest, type: "object" };
}

/** Whether a keyword says anything about what it allows. */
function isBound(keyword: unknown): boolean {
  return typeof keyword === "object" && keyword !== null && Object.keys(keyword).length > 0;
}
