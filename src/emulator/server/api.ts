import type { World } from "../world/types.ts";
import { Body } from "./body.ts";
import type { EmulatorClock } from "./clock.ts";
import type { ApiVersion, Endpoint } from "./endpoint.ts";
import { createIds } from "./ids.ts";
import type { Credential, KeyRing } from "./keys.ts";
import { presentedKey } from "./keys.ts";
import type { Limiter } from "./limiter.ts";
import { emptyOrganization } from "./other-organization.ts";
import { notFound, Problem, problemReply } from "./problem.ts";
import { Query } from "./query.ts";
import type { Call, Reply } from "./reply.ts";
import { jsonReply } from "./reply.ts";
import type { Route } from "./routes.ts";
import { findRoute } from "./routes.ts";
import { Snapshots } from "./snapshots.ts";

export interface ApiParts {
  readonly world: World;
  readonly clock: EmulatorClock;
  readonly keys: KeyRing;
  readonly limiter: Limiter;
}

/** Answers calls as the Admin API would, without faults. */
export interface Api {
  /** With `free`, the call does not count against the rate limit. */
  answer(call: Call, options?: { free: boolean }): Reply;
}

const OTHER_ORGANIZATION = { id: "0d15ea5e-0000-4000-8000-00000000beef", name: "Another Organization" };
const VERSIONS: readonly ApiVersion[] = ["2023-06-01", "2026-10-21"];

/**
 * The order of checks: path (404), credential (401), kind of key (403), rate limit (429), version header (400), beta
 * header (404), parameters (400), object (404).
 */
export function createApi({ world, clock, keys, limiter }: ApiParts): Api {
  const other = emptyOrganization(OTHER_ORGANIZATION);
  const snapshots = new Snapshots();
  const newId = createIds(`emulator/${world.options.seed}`);

  function respond(call: Call, free: boolean): Reply {
    const route = findRoute(call.method, call.path);
    if (route.kind === "unknown") throw notFound("Not found");
    if (route.kind === "wrong_method") throw new Problem(405, "Method Not Allowed");
    const credential = keys.authenticate(presentedKey(call.headers));
    refuseKind(route, credential, call);
    const organization = credential.organization === "own" ? world : other;
    const organizationId = organization.directory.organization.id;
    const now = clock.now();
    const limit = route.kind === "served" ? route.endpoint.limit : "admin";
    const headers = {
      "anthropic-organization-id": organizationId,
      ...(free ? {} : limiter.take(organizationId, limit, now)),
    };
    try {
      if (route.kind === "not_served") throw new Problem(route.endpoint.status, route.endpoint.message);
      const { endpoint, at } = route;
      const version = readVersion(call, endpoint);
      requireBeta(call, endpoint.beta);
      const query = new Query(call.query);
      query.allow([...(endpoint.query ?? []), "beta"]);
      const body = new Body(call.body);
      const { path } = call;
      const value = endpoint.answer({ path, at, query, body, version, now, world: organization, snapshots, newId });
      return jsonReply(200, value, headers);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return withHeaders(problemReply(error, call.requestId), headers);
    }
  }

  return {
    answer: (call, options) => {
      try {
        return respond(call, options?.free ?? false);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return problemReply(error, call.requestId);
      }
    },
  };
}

function refuseKind(route: Exclude<Route, { kind: "unknown" | "wrong_method" }>, credential: Credential, call: Call) {
  if (route.kind === "served") {
    if (route.endpoint.keys.includes(credential.kind)) return;
    throw new Problem(403, `This API key lacks a required scope: ${scopeOf(call)}`, { code: "api_key_scope_missing" });
  }
  requireBeta(call, route.endpoint.beta);
  if (credential.kind === "analytics") {
    throw new Problem(403, `This API key lacks a required scope: ${scopeOf(call)}`, { code: "api_key_scope_missing" });
  }
}

/** The scope that a scoped key would need. */
function scopeOf(call: Call): string {
  const verb = call.method === "GET" ? "read" : "write";
  if (call.path.includes("/spend_limit")) return `${verb}:spend_limits`;
  if (call.path.includes("/rbac_groups")) return `${verb}:rbac_groups`;
  if (call.path.startsWith("/v1/compliance/")) return "read:compliance_activities";
  if (/\/(users|invites|rbac_roles)/.test(call.path)) return `${verb}:members`;
  return "org:admin";
}

function readVersion(call: Call, endpoint: Endpoint): ApiVersion {
  const text = call.headers["anthropic-version"];
  if (text === undefined) {
    if (endpoint.versionOptional === true) return "2023-06-01";
    throw new Problem(400, "anthropic-version: header is required");
  }
  const version = VERSIONS.find((known) => known === text);
  if (version === undefined) throw new Problem(400, `anthropic-version: "${text}" is not a valid version`);
  return version;
}

function requireBeta(call: Call, beta: string | undefined): void {
  if (beta === undefined) return;
  const given = (call.headers["anthropic-beta"] ?? "").split(",").map((value) => value.trim());
  if (!given.includes(beta)) throw notFound("Not found");
}

const withHeaders = (reply: Reply, headers: Readonly<Record<string, string>>): Reply => ({
  ...reply,
  headers: { ...headers, ...reply.headers },
});
