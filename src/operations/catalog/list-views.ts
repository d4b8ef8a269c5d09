import { z } from "zod";

import { listViews } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { shownView, view } from "../money/views.ts";

export const listViewsOperation = defineOperation({
  id: "listViews",
  title: "List saved views",
  summary: "The caller's saved views, and those that others share.",
  input: z.object({ page: z.string().optional().describe("only views of this page") }),
  output: z.object({ views: z.array(view) }),
  permission: "own",
  effect: "read",
  audit: "none: filters that the caller may use as it is",
  fresh: true,
  run: ({ store, scope, caller }, { page }) =>
    store.read(async (tx) => {
      const rows = await listViews(tx, scope, caller.id);
      const wanted = page === undefined ? rows : rows.filter((row) => row.page === page);
      return { views: wanted.map((row) => shownView(row, caller.id)) };
    }),
});
