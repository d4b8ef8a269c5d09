import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { findView, listViews, putView } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { shownView, unknownView, view } from "../money/views.ts";

const MOST_VIEWS = 200;

export const saveView = defineOperation({
  id: "saveView",
  title: "Save a view",
  summary: "Keeps the filters of a page under a name, for the caller alone or for everybody of the tenant.",
  input: z.object({
    id: z.string().optional().describe("an own view to replace; absent: a new one"),
    name: z.string().trim().min(1).max(80),
    // Two slashes would lead to another site.
    page: z
      .string()
      .max(61)
      .regex(/^\/(?:[a-z0-9-]+(?:\/[a-z0-9-]+)*)?$/, "is no page of the dashboard, such as /analytics"),
    query: z.string().max(2000).describe("the filters as the page's address spells them"),
    shared: z.boolean().optional(),
  }),
  output: view,
  permission: "own",
  effect: "write",
  audit: "none: the caller's own filters; changes no figure and nobody's rights",
  run: ({ store, scope, caller, clock, random }, { id, name, page, query, shared = false }) =>
    store.write(async (tx) => {
      const before = id === undefined ? null : await findView(tx, scope, id);
      // Somebody else's view is as unknown as none at all.
      if (id !== undefined && before?.owner !== caller.id) throw unknownView();
      const own = (await listViews(tx, scope, caller.id)).filter(({ owner }) => owner === caller.id);
      if (before === null && own.length >= MOST_VIEWS) {
        const problem = `there are ${MOST_VIEWS} views already`;
        throw new Failure("input.invalid", { field: "name", problem, remedy: "Delete one that is not needed." });
      }
      const now = clock.now();
      const kept = {
        viewId: before?.viewId ?? `v_${Buffer.from(random.bytes(8)).toString("hex")}`,
        owner: caller.id,
        ownerName: caller.name,
        name,
        page,
        query,
        shared,
        createdMs: before?.createdMs ?? now,
        updatedMs: now,
      };
      await putView(tx, scope, kept);
      return shownView(kept, caller.id);
    }),
});
