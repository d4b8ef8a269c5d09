import { createMcpHandler, readRequestBody, type AuthInfo } from "@modelcontextprotocol/server";

import { subjectOf, type Permission, type Signed } from "../access/index.ts";
import { Failure, placeOfBug } from "../domain/index.ts";
import { asCaller, type OperationContext } from "../operations/index.ts";
import type { TenantRow } from "../store/index.ts";
import { approvalStates } from "./approval.ts";
import { createMcpServer } from "./create-mcp-server.ts";
import { KeptAnswers } from "./kept-answers.ts";
import type { McpParts, McpSession, OpenedSession } from "./parts.ts";
import { shelf as catalogs } from "./shelf.ts";
import { isThere, mayUse } from "./visible.ts";

/** A megabyte: no tool takes more than a few names and days. */
const MOST_BYTES = 1024 * 1024;
const MOST_SUBSCRIPTIONS = 100;

export interface McpHttpParts extends Omit<McpParts, "transport">, Pick<OpenedSession, "looks" | "syncs"> {
  /**
   * Who asks, by the Authorization header alone; null for a request without credentials.
   *
   * @throws Failure `access.*` for credentials that do not hold, or that stand in the address
   */
  readonly authenticate: (request: Request, address: string) => Promise<Signed | null>;
  /** What operations of a tenant may use; scope and caller are put in for each request. */
  readonly contextOf: (tenant: TenantRow) => OperationContext;
  /** The value of `WWW-Authenticate`: how a client gets in, or with which scopes. */
  readonly challenge: (refusal: Refusal) => string;
}

export type Refusal =
  | { readonly error?: undefined }
  | { readonly error: "invalid_token" | "invalid_request" }
  /** All scopes that are needed, those that the caller has among them. */
  | { readonly error: "insufficient_scope"; readonly scopes: readonly Permission[] };

/** Where a request came from, and what it costs. */
export interface McpRequestFacts {
  readonly address: string;
  /** @throws Failure `api.rate_limited` */
  readonly charge: (subject: string) => void;
}

export interface McpHttp {
  /** @throws Failure that `tell` puts into the words of MCP */
  answer(request: Request, facts: McpRequestFacts): Promise<Response>;
  /** A failure of a request as a client of MCP reads it. */
  tell(request: Request, failure: Failure): Response;
  close(): Promise<void>;
}

/**
 * Streamable HTTP: a server for each request, nothing kept between them. Host and Origin were looked at before; who asks
 * is looked at here, by the Authorization header alone.
 */
export function createMcpHttp(parts: McpHttpParts): McpHttp {
  const { shelf = catalogs, contextOf, looks, syncs } = parts;
  const approvals = approvalStates(parts.random);
  const kept = new KeptAnswers();
  const handler = createMcpHandler(
    ({ authInfo }) => createMcpServer({ ...parts, transport: "http" }, sessionIn(authInfo), approvals),
    {
      maxRequestBodySize: MOST_BYTES,
      maxSubscriptions: MOST_SUBSCRIPTIONS,
      onerror: (error) => parts.log("debug", "mcp.refused", { failure: placeOfBug(error) }),
    },
  );

  return {
    async answer(request, { address, charge }) {
      const signed = await parts.authenticate(request, address);
      if (signed === null) throw new Failure("access.not_signed_in");
      const entrance = entranceOf(signed, request);
      charge(subjectOf(entrance.caller));
      const { permissions } = entrance.caller;
      const session: McpSession = {
        permissions,
        open: once(async () => ({ context: await asCaller(contextOf(entrance), entrance.caller), kept, looks, syncs })),
      };
      const authInfo: AuthInfo = {
        // The token itself goes no further than here.
        token: "",
        clientId: subjectOf(entrance.caller),
        scopes: [...permissions],
        extra: { session },
      };
      if (request.method !== "POST") return handler.fetch(request, { authInfo });
      const parsedBody = await jsonOf(request);
      if (parsedBody === undefined) return rpcError(400, -32700, "Parse error: the body is not valid JSON");
      const missing = await missingScope(parsedBody, session);
      if (missing !== null) {
        const scopes = [...permissions, missing];
        return rpcError(403, REFUSED, `This needs the scope ${missing}.`, {
          "www-authenticate": parts.challenge({ error: "insufficient_scope", scopes }),
        });
      }
      return handler.fetch(request, { authInfo, parsedBody });
    },
    tell: (request, failure) => tell(parts, request, failure),
    close: () => handler.close(),
  };

  /** The permission that a called tool needs and the caller has not; a client can ask for it, and call again. */
  async function missingScope(body: unknown, session: McpSession): Promise<Permission | null> {
    for (const message of Array.isArray(body) ? body : [body]) {
      const { method, params } = (message ?? {}) as { method?: unknown; params?: { name?: unknown } };
      if (method !== "tools/call" || typeof params?.name !== "string") continue;
      const tool = await shelf.find(params.name);
      if (tool !== undefined && isThere(tool, parts) && !mayUse(tool, session)) return tool.permission;
    }
    return null;
  }
}

function entranceOf({ tenants }: Signed, request: Request): Signed["tenants"][number] {
  const named = request.headers.get("x-bursar-tenant");
  const entrance = named === null ? tenants[0] : tenants.find(({ name }) => name === named);
  if (entrance === undefined) throw new Failure("api.unknown_tenant");
  return entrance;
}

/** Put there by `answer` just before. */
function sessionIn(authInfo: AuthInfo | undefined): McpSession {
  return authInfo?.extra?.["session"] as McpSession;
}

/** @returns undefined when it is no JSON. @throws Failure `api.body_too_large` */
async function jsonOf(request: Request): Promise<unknown> {
  const body = await readRequestBody(request, MOST_BYTES);
  if (body.tooLarge) throw new Failure("api.body_too_large", { most: MOST_BYTES });
  try {
    return JSON.parse(body.text) as unknown;
  } catch {
    return undefined;
  }
}

/** A server error of JSON-RPC that the protocol gives no meaning of its own. */
const REFUSED = -32000;

/** Statuses of the gate where the protocol names others. */
const STATUSES: Readonly<Record<string, number>> = { "api.host_unknown": 403 };

function tell({ challenge }: McpHttpParts, request: Request, failure: Failure): Response {
  const { code, message, hint, status, facts } = failure;
  const headers: Record<string, string> = {};
  if (status === 401) {
    headers["www-authenticate"] = challenge(request.headers.has("authorization") ? { error: "invalid_token" } : {});
  }
  if (code === "access.token_in_address") headers["www-authenticate"] = challenge({ error: "invalid_request" });
  if (status === 429) headers["retry-after"] = String(facts["seconds"] ?? 1);
  return rpcError(STATUSES[code] ?? status, REFUSED, `${message} ${hint}`, headers);
}

function rpcError(
  status: number,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ jsonrpc: "2.0", id: null, error: { code, message } }, { status, headers });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
