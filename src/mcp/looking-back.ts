import { z } from "zod";

import type { Operation } from "../operations/index.ts";
import type { ToolCall } from "./tool-call.ts";

/** The member that the host adds to the input of a tool that looks back, and takes away before the tool runs. */
export const PAST = { asOf: z.string().optional().describe("as known on this day") };

/** A call of which every question is asked as of that day; names come from operations that know today alone. */
export function lookingBack(call: ToolCall, asOf: string): ToolCall {
  return {
    ...call,
    ask: (operation, input) =>
      call.ask(operation, knowsPast(operation) ? ({ ...(input as object), asOf } as typeof input) : input),
  };
}

function knowsPast({ input }: Operation): boolean {
  return input instanceof z.ZodObject && "asOf" in input.shape;
}
