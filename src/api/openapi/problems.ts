import { Failure } from "../../domain/index.ts";
import { PROBLEM_TYPE, problemOf } from "../problem.ts";
import type { JsonSchema, ResponseObject } from "./types.ts";

/** The body of every failure. */
export const problemSchema: JsonSchema = {
  type: "object",
  description: "A problem (RFC 9457).",
  required: ["type", "title", "status", "detail", "code", "hint", "requestId"],
  properties: {
    type: { type: "string", description: "Names the kind of problem: a path of this server." },
    title: { type: "string", description: "The kind in words; the same for every problem of a kind." },
    status: { type: "integer" },
    detail: { type: "string", description: "What happened, in a sentence." },
    code: { type: "string", description: "The kind, for programs." },
    field: { type: "string", description: "Member of the query or the body that it is about." },
    hint: { type: "string", description: "What to do next." },
    requestId: { type: "string", description: "Stands in the server's log too." },
  },
};

const EXAMPLES: readonly (readonly [name: string, says: string, example: Failure])[] = [
  ["Unauthenticated", "Nobody is signed in, or the token does not count.", new Failure("access.not_signed_in")],
  ["Forbidden", "The caller may not do this.", new Failure("access.forbidden", { permission: "people" })],
  ["NotFound", "It does not exist, or not for this caller.", new Failure("store.unknown_connection", { name: "main" })],
  ["NotAcceptable", "There is no such form of this answer.", new Failure("api.not_acceptable")],
  ["Outdated", "The pages before belong to an earlier answer.", new Failure("api.cursor_outdated")],
  ["TooLarge", "The body is too large.", new Failure("api.body_too_large", { most: 1_048_576 })],
  ["NotJson", "The body is not JSON.", new Failure("api.not_json")],
  [
    "Invalid",
    "The question or the order cannot be read; `field` says where.",
    new Failure("input.date_unreadable", { field: "from", value: "yesterday" }),
  ],
  [
    "TooMany",
    "The caller asks more often than allowed.",
    new Failure("api.rate_limited", { limit: "600 requests a minute", seconds: 3 }),
  ],
  [
    "Upstream",
    "Anthropic, or the way there, did not answer as it should.",
    new Failure("source.timeout", { host: "api.anthropic.com", phase: "headers" }),
  ],
  ["Fault", "A fault of this server; the log has it under the request id.", new Failure("store.disk_full")],
];

/** Name of the shared response for each status. */
export const PROBLEM_OF_STATUS: Readonly<Record<string, string>> = Object.fromEntries(
  EXAMPLES.map(([name, , example]) => [String(example.status), name]),
);

export function problemResponses(): Record<string, ResponseObject> {
  return Object.fromEntries(
    EXAMPLES.map(([name, description, example]): [string, ResponseObject] => [
      name,
      {
        description,
        content: {
          [PROBLEM_TYPE]: {
            schema: { $ref: "#/components/schemas/Problem" },
            examples: { [example.code]: { value: problemOf(example, "req_2f9sK1xQ0aZc") } },
          },
        },
      },
    ]),
  );
}
