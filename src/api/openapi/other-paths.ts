import type { JsonSchema, OpenApiDocument, PathOperation } from "./types.ts";

const FLAGS = [
  "admin_api",
  "code_analytics",
  "activity_feed",
  "content_capture",
  "mcp_connector",
  "enterprise_analytics",
  "usage_cost_analytics",
];

/** Schemas of what stands outside the catalog of operations. */
export const otherSchemas: Readonly<Record<string, JsonSchema>> = {
  Capabilities: {
    type: "object",
    required: ["anthropic"],
    properties: {
      anthropic: {
        type: "object",
        required: FLAGS,
        properties: Object.fromEntries(FLAGS.map((flag) => [flag, { type: "boolean" }])),
      },
    },
  },
  ServerFacts: {
    type: "object",
    required: [
      "version",
      "node",
      "listenHost",
      "publicUrl",
      "isTls",
      "trustedProxies",
      "metrics",
      "requestsPerMinute",
      "sso",
    ],
    properties: {
      version: { type: "string" },
      node: { type: "string" },
      listenHost: { type: "string" },
      publicUrl: { type: ["string", "null"] },
      isTls: { type: "boolean", description: "People reach it by https." },
      trustedProxies: { type: "array", items: { type: "string" } },
      metrics: { type: "string", enum: ["token", "loopback"] },
      requestsPerMinute: { type: "integer" },
      sso: {
        type: ["object", "null"],
        required: ["label", "issuer", "clientId", "roleClaim", "roles"],
        properties: {
          label: { type: "string" },
          issuer: { type: "string" },
          clientId: { type: "string" },
          roleClaim: { type: "string" },
          roles: {
            type: "array",
            items: {
              type: "object",
              required: ["value", "role", "tenant"],
              properties: { value: { type: "string" }, role: { type: "string" }, tenant: { type: "string" } },
            },
          },
        },
      },
    },
  },
  SyncRun: {
    type: "object",
    required: ["id", "tenant", "what", "startedAt", "endedAt", "exit", "problem", "progress"],
    properties: {
      id: { type: "string" },
      tenant: { type: "string" },
      what: { type: "string", enum: ["sync", "backfill"] },
      startedAt: { type: "string", format: "date-time" },
      endedAt: { type: ["string", "null"], format: "date-time" },
      exit: { type: ["integer", "null"], description: "0 complete, 3 partial, 4 a refused key, 5 a fault here." },
      problem: { type: ["string", "null"] },
      progress: {
        type: ["object", "null"],
        description: "The latest picture: streams with their windows and rows.",
        additionalProperties: true,
      },
    },
  },
  SyncStarted: {
    type: "object",
    required: ["run", "isNew"],
    properties: {
      run: { $ref: "#/components/schemas/SyncRun" },
      isNew: { type: "boolean", description: "False when one of this tenant ran already." },
    },
  },
};

const read = (operationId: string, summary: string, description: string, more: Partial<PathOperation>) => ({
  get: {
    operationId,
    summary,
    description,
    tags: ["Figures"],
    responses: {},
    ...more,
  } satisfies PathOperation,
});

const REFUSALS = {
  "401": { $ref: "#/components/responses/Unauthenticated" },
  "403": { $ref: "#/components/responses/Forbidden" },
  "429": { $ref: "#/components/responses/TooMany" },
};

/** What is answered beside the operations. */
export const otherPaths: OpenApiDocument["paths"] = {
  "/api/v1/me/capabilities": read(
    "capabilities",
    "Capabilities",
    "Which kinds of data the tenant's connections give.",
    {
      tags: ["Connections"],
      parameters: [{ $ref: "#/components/parameters/tenant" }],
      responses: {
        "200": {
          description: "The flags.",
          content: { "application/json": { schema: { $ref: "#/components/schemas/Capabilities" } } },
        },
        ...REFUSALS,
      },
    },
  ),
  "/api/v1/server": read(
    "server",
    "How the server is configured",
    "Version, address, TLS, trusted proxies and single sign-on, without any secret. Needs the permission `settings`.",
    {
      tags: ["Access"],
      responses: {
        "200": {
          description: "The configuration.",
          content: { "application/json": { schema: { $ref: "#/components/schemas/ServerFacts" } } },
        },
        ...REFUSALS,
      },
    },
  ),
  "/api/v1/events": read(
    "events",
    "Events",
    "How syncs go, as server-sent events `started`, `progress` and `ended`, each with a SyncRun as data. The state at the time of asking comes first; a comment comes every 15 seconds.",
    {
      tags: ["Sync"],
      parameters: [{ $ref: "#/components/parameters/tenant" }],
      responses: {
        "200": {
          description: "Events until the reader or the server ends.",
          content: { "text/event-stream": { schema: { type: "string" } } },
        },
        ...REFUSALS,
      },
    },
  ),
  "/metrics": read(
    "metrics",
    "Metrics",
    "Gauges for Prometheus: the process, syncs, freshness, spend and activity. Needs the permission `read`.",
    {
      responses: {
        "200": { description: "Text format.", content: { "text/plain": { schema: { type: "string" } } } },
        ...REFUSALS,
      },
    },
  ),
  "/auth/me": read("me", "Who am I", "The account, its tenants and rights, and whether Bursar is set up.", {
    tags: ["Access"],
    responses: {
      "200": {
        description: "Who is signed in.",
        content: { "application/json": { schema: { type: "object", additionalProperties: true } } },
      },
      ...REFUSALS,
    },
  }),
};
