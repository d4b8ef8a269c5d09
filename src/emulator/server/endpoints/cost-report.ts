import { defineEndpoint } from "../endpoint.ts";
import { groupBy, reportPage, WIDTH_MS } from "../report-range.ts";

export const costReportEndpoints = [
  defineEndpoint({
    name: "cost_report",
    method: "GET",
    path: "/v1/organizations/cost_report",
    paging: "report",
    query: ["starting_at", "ending_at", "bucket_width", "limit", "page", "group_by[]"],
    answer: ({ path, query, world, now }) => {
      query.choice("bucket_width", ["1d"]);
      const limit = query.integer("limit", { min: 1, max: 31, default: 7 });
      const dimensions = groupBy(query, ["workspace_id", "description"]);
      const page = reportPage(query, path, WIDTH_MS["1d"], limit, now);
      const data = world.costReport({ from: page.from, to: page.to, groupBy: dimensions }, page.now);
      return { data, has_more: page.has_more, next_page: page.next_page };
    },
  }),
];
