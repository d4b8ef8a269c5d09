import { keyPart } from "../read.ts";
import { ask, organizationOf, type Query } from "../request.ts";
import { listRecords } from "../streams/buckets.ts";
import type { Stream } from "../types.ts";

/** One object of the Admin API by its address, such as `/v1/organizations/users/{id}`. Asked, never recorded. */
export function objectAsked(name: string, path: string): Stream {
  return {
    ...asked(name, path),
    paging: "single",
    requests: (_, known) => [ask(known, path)],
    records: (body, request) => [{ day: null, key: [organizationOf(request), keyPart(body, "id")], data: body }],
  };
}

/** A list that is paged by cursor, of objects whose id is the member named. Asked, never recorded. */
export function listAsked(
  name: string,
  path: string,
  { id, query = [], beta }: { readonly id: string; readonly query?: Query; readonly beta?: string },
): Stream {
  return {
    ...asked(name, path),
    paging: "cursor",
    requests: (_, known) => [ask(known, path, [...query, ["limit", "1000"]], beta === undefined ? {} : { beta })],
    records: (body, request, odd) => listRecords(body, request, [id], odd),
  };
}

/**
 * Spend limits of the organization and its workspaces. Of Console organizations they are early access, so many have none
 * to give; nothing is recorded of them.
 */
export function spendLimitsAsked(query: Query = []): Stream {
  return listAsked("spend_limits", "/v1/organizations/spend_limits", {
    id: "id",
    query,
    // Needed by the list alone.
    beta: "spend-limit-reads-2026-09-26",
  });
}

/** Limits that hold for a workspace: its own, and with `include_inherited` those of the organization too. */
export function workspaceRateLimitsAsked(workspaceId: string): Stream {
  const path = `/v1/organizations/workspaces/${encodeURIComponent(workspaceId)}/rate_limits`;
  return listAsked("workspace_rate_limits", path, { id: "rate_limit_id", query: [["include_inherited", "true"]] });
}

function asked(name: string, path: string) {
  return {
    name,
    title: name,
    endpoint: `GET ${path}`,
    docs: "https://platform.claude.com/docs/en/api/admin",
    shape: { kind: "list", after: [] },
    tables: [],
    rows: () => [],
  } as const satisfies Partial<Stream>;
}
