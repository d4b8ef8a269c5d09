import { defineEndpoint } from "../endpoint.ts";
import { pageToken, readPageToken } from "../paging.ts";

export const claudeCodeEndpoints = [
  defineEndpoint({
    name: "usage_report_claude_code",
    method: "GET",
    path: "/v1/organizations/usage_report/claude_code",
    paging: "report",
    query: ["starting_at", "limit", "page"],
    answer: ({ path, query, world, now, snapshots }) => {
      const day = query.day("starting_at");
      const limit = query.integer("limit", { min: 1, max: 1000, default: 20 });
      const boundTo = query.fingerprint(path);
      const token = readPageToken(query, boundTo);
      const seenAt = token?.now ?? now;
      const key = `${world.directory.organization.id} ${path} ${boundTo} ${seenAt}`;
      const rows =
        token === undefined
          ? snapshots.open(key, () => world.claudeCode(day, seenAt))
          : snapshots.again(key, () => world.claudeCode(day, seenAt));
      const from = token?.at ?? 0;
      const to = Math.min(rows.length, from + limit);
      const more = to < rows.length;
      return {
        data: rows.slice(from, to),
        has_more: more,
        next_page: more ? pageToken({ at: to, end: 0, now: seenAt }, boundTo) : null,
      };
    },
  }),
];
