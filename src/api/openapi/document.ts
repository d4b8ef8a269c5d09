import { z } from "zod";

import { servedOperations, type Served } from "../served-operations.ts";
import { otherPaths, otherSchemas } from "./other-paths.ts";
import { PROBLEM_OF_STATUS, problemResponses, problemSchema } from "./problems.ts";
import { tagOf, TAGS } from "./tags.ts";
import type {
  JsonSchema,
  OpenApiDocument,
  Parameter,
  PathItem,
  PathOperation,
  Reference,
  ResponseObject,
} from "./types.ts";

/** The whole API as an OpenAPI 3.1 document, made from the schemas that the operations themselves read with. */
export async function openApiDocument(version: string): Promise<OpenApiDocument> {
  const served = await servedOperations();
  const used = new Set(served.map(tagOf));
  return {
    openapi: "3.1.0",
    info: {
      title: "Bursar",
      version,
      description:
        "An organization's Claude usage, exact and provable. Money is dollars as a decimal string, ratios are numbers " +
        "from 0 to 1, days are UTC and ranges inclusive. What is not known is null beside a reason, never 0.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "This server" }],
    tags: TAGS.filter(({ name }) => used.has(name) || name === "Access"),
    security: [{ session: [] }, { token: [] }],
    paths: { ...Object.fromEntries(served.map((one) => [`/api/v1/${one.name}`, pathOf(one)])), ...otherPaths },
    components: {
      schemas: {
        Problem: problemSchema,
        ...otherSchemas,
        ...Object.fromEntries(
          served.filter(({ name }) => !ORDERED.includes(name)).map((one) => [outputName(one), outputOf(one)]),
        ),
      },
      responses: problemResponses(),
      parameters: PARAMETERS,
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-bursar",
          description: "The cookie of a signed-in browser; `bursar` on plain http at a loopback address.",
        },
        token: { type: "http", scheme: "bearer", description: "An API token: `Authorization: Bearer bursar_…`." },
      },
    },
  };
}

/** They are begun and followed, not waited for. */
const ORDERED = ["sync", "backfill"];

const PARAMETERS = {
  tenant: {
    name: "tenant",
    in: "query",
    description:
      "Which tenant, by name; the caller's first one when absent. The header `x-bursar-tenant` says the same.",
    schema: { type: "string" },
  },
  limit: {
    name: "limit",
    in: "query",
    description: "At most so many entries of the list. Without limit and cursor the list comes whole.",
    schema: { type: "integer", minimum: 1, maximum: 10_000 },
  },
  cursor: {
    name: "cursor",
    in: "query",
    description: "`nextCursor` of the page before. It ends with 410 when the record changed in between.",
    schema: { type: "string" },
  },
  format: {
    name: "format",
    in: "query",
    description: "Instead of an Accept header, for links.",
    schema: { type: "string", enum: ["json", "csv"] },
  },
} as const satisfies Record<string, Parameter>;

function pathOf(served: Served): PathItem {
  const operation = operationOf(served);
  return served.method === "GET" ? { get: operation } : { post: operation };
}

function operationOf(served: Served): PathOperation {
  const { operation, method } = served;
  const { id, summary, title, permission, audit } = operation;
  const trace = typeof audit === "string" ? "" : " Leaves a trace in the audit trail.";
  return {
    operationId: id,
    summary: title,
    description: `${summary} Needs the permission \`${permission}\`.${trace}`,
    tags: [tagOf(served)],
    ...(method === "GET" ? { parameters: parametersOf(served) } : bodyOf(served)),
    responses: { ...successOf(served), ...failuresOf(served) },
  };
}

function parametersOf({ members, isPaged, list, operation }: Served): (Parameter | Reference)[] {
  const input = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" }) as { required?: string[] };
  const own = Object.entries(members).map(([name, schema]): Parameter => {
    const { description, ...rest } = plain(schema);
    const isList = JSON.stringify(rest).includes('"array"');
    return {
      name,
      in: "query",
      ...(input.required?.includes(name) === true ? { required: true } : {}),
      ...(typeof description === "string" ? { description } : {}),
      schema: isList ? { type: "array", items: itemOf(rest) } : rest,
      ...(isList ? { style: "form", explode: true } : {}),
    };
  });
  const shared = ["tenant", ...(isPaged ? ["limit", "cursor"] : []), ...(list === null ? [] : ["format"])];
  const free = shared.filter((name) => !(name in members));
  return [...own, ...free.map((name) => ({ $ref: `#/components/parameters/${name}` }))];
}

/** In an address an entry of a list is a text or a number; of objects, the text form is told. */
function itemOf(list: JsonSchema): JsonSchema {
  const found = [list, ...((list["anyOf"] as JsonSchema[] | undefined) ?? [])].find(({ type }) => type === "array");
  const items = (found?.["items"] ?? {}) as JsonSchema;
  const kinds = [items, ...((items["anyOf"] as JsonSchema[] | undefined) ?? [])];
  return kinds.find(({ type }) => type === "string" || type === "integer" || type === "number") ?? { type: "string" };
}

function bodyOf({ members, operation }: Served): Pick<PathOperation, "parameters" | "requestBody"> {
  const read = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" });
  const needed = (read.required ?? []).filter((name) => name in members);
  const schema = { type: "object", properties: members, ...(needed.length > 0 ? { required: needed } : {}) };
  return {
    parameters: [{ $ref: "#/components/parameters/tenant" }],
    requestBody: { required: needed.length > 0, content: { "application/json": { schema } } },
  };
}

function successOf(served: Served): Record<string, ResponseObject> {
  const { name, list, method, operation, isPaged } = served;
  if (ORDERED.includes(name)) {
    const schema = { $ref: "#/components/schemas/SyncStarted" };
    const description = "It runs, begun now or before; follow it by `/api/v1/events`.";
    return { "202": { description, content: { "application/json": { schema } } } };
  }
  const reference = { $ref: `#/components/schemas/${outputName(served)}` };
  if (name === "export-rows") {
    return {
      "200": {
        description: "Every row, at the reader's pace: a JSON object a line, or CSV with a header.",
        content: {
          "application/jsonl": { schema: reference },
          "text/csv": { schema: { type: "string" } },
        },
      },
    };
  }
  if (name in ARCHIVES) {
    return {
      "200": {
        description: `${ARCHIVES[name]}, as a tar archive. It breaks off when the ledger is damaged.`,
        content: { "application/x-tar": { schema: reference } },
      },
    };
  }
  const paged = { allOf: [reference, { type: "object", properties: { nextCursor: NEXT_CURSOR } }] };
  const isKept = method === "GET" && typeof operation.audit === "string" && operation.fresh !== true;
  return {
    "200": {
      description: operation.summary,
      ...(isKept ? { headers: { ETag: { description: "Of this very answer.", schema: { type: "string" } } } } : {}),
      content: {
        "application/json": { schema: isPaged ? paged : reference },
        ...(list === null || method === "POST"
          ? {}
          : { "text/csv": { schema: { type: "string", description: `The list \`${list}\`, a line each.` } } }),
      },
    },
    ...(isKept ? { "304": { description: "The client has this answer already (If-None-Match)." } } : {}),
  };
}

const ARCHIVES: Readonly<Record<string, string>> = {
  "ledger-export": "A folder that `bursar verify` checks",
  "evidence-bundle": "A folder whose README says how to check it without Bursar",
};

const NEXT_CURSOR = {
  type: ["string", "null"],
  description: "Of the next page; null on the last one. With limit alone.",
};

function failuresOf({ method, operation, isPaged, list }: Served): Record<string, Reference> {
  const statuses = [
    "401",
    "403",
    "404",
    "422",
    "429",
    "500",
    ...(method === "POST" ? ["413", "415"] : []),
    ...(method === "GET" && list === null ? ["406"] : []),
    ...(isPaged ? ["410"] : []),
    ...(operation.permission === "credentials" ? ["502"] : []),
  ];
  return Object.fromEntries(
    statuses.sort().map((status) => [status, { $ref: `#/components/responses/${PROBLEM_OF_STATUS[status]}` }]),
  );
}

function outputName({ operation }: Served): string {
  return `${operation.id.charAt(0).toUpperCase()}${operation.id.slice(1)}`;
}

function outputOf(served: Served): JsonSchema {
  const { operation, name } = served;
  if (name === "export-rows") {
    const cell = { type: ["string", "number", "null"] };
    const description =
      "One row. Its members are the columns of the table; money is in dollars, in members ending in _usd.";
    return { type: "object", description, additionalProperties: cell };
  }
  if (name in ARCHIVES) return { type: "string", format: "binary" };
  const schema = z.toJSONSchema(operation.output, { io: "output", unrepresentable: "any" });
  return plain(referredFrom(`#/components/schemas/${outputName(served)}`, schema));
}

/** A schema that refers to itself does so from its own root, which is no root any more within the document. */
function referredFrom(place: string, schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${place}/`)) as JsonSchema;
}

/** OpenAPI 3.1 names the dialect once, for the whole document. */
function plain(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== "$schema"));
}
