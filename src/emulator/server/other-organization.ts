import type { Bucket, BucketWidth, World } from "../world/types.ts";
import { bucketTime } from "./ids.ts";
import { WIDTH_MS } from "./report-range.ts";

/** The part of a world that answers questions. */
export type ReadableWorld = Omit<World, "options" | "overlay" | "startsAt" | "truth" | "roster" | "keyOwners">;

/** An organization without members, keys and traffic: what the key of another organization sees. */
export function emptyOrganization(organization: { id: string; name: string }): ReadableWorld {
  return {
    directory: {
      organization: { id: organization.id, type: "organization", name: organization.name },
      users: [],
      removedUsers: [],
      invites: [],
      workspaces: [],
      defaultWorkspaceId: "wrkspc_01NoDefaultWorkspaceHere",
      members: [],
      apiKeys: [],
      serviceAccountIds: [],
      rateLimits: [],
      workspaceRateLimits: [],
      spendLimits: [],
    },
    messagesUsage: (query) => emptyBuckets(query.from, query.to, query.width),
    costReport: (query) => emptyBuckets(query.from, query.to, "1d"),
    claudeCode: () => [],
    analyticsUsage: () => [],
    analyticsCost: () => [],
  };
}

function emptyBuckets<Row>(from: number, to: number, width: BucketWidth): Bucket<Row>[] {
  const buckets: Bucket<Row>[] = [];
  for (let at = from; at < to; at += WIDTH_MS[width]) {
    buckets.push({ starting_at: bucketTime(at), ending_at: bucketTime(at + WIDTH_MS[width]), results: [] });
  }
  return buckets;
}
