import type { Failure } from "../../domain/index.ts";
import { ask, type Query } from "../request.ts";
import type { Known, UpstreamRequest } from "../types.ts";

/** One chain for each workspace that the workspaces list knows. */
export function eachWorkspace(known: Known, below: string, query: Query): UpstreamRequest[] {
  return known.ids("workspaces").map((id) =>
    ask(known, `/v1/organizations/workspaces/${encodeURIComponent(id)}/${below}`, query, {
      about: { workspace_id: id },
    }),
  );
}

/** The workspace that a chain is about, or null for the organization's own. */
export function workspaceOf(request: UpstreamRequest): string | null {
  return request.about?.["workspace_id"] ?? null;
}

/**
 * The default workspace has no list of its own, and one may have been archived since it was listed: neither stops the
 * others. What upstream answers there is not documented, so both "not found" and "bad request" count.
 */
export function skipWorkspace(request: UpstreamRequest, failure: Failure): { instead: null; warning: string } | null {
  const workspace = workspaceOf(request);
  if (workspace === null) return null;
  if (failure.code !== "source.not_found" && failure.code !== "source.bad_request") return null;
  return { instead: null, warning: `workspace ${workspace} gave no list: ${failure.message}` };
}
