import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import type { SavedViewRow } from "../../store/index.ts";

export const view = z.object({
  id: z.string(),
  name: z.string(),
  /** The page's path: `/analytics`. */
  page: z.string(),
  /** The filters as the page's address spells them, without the question mark. */
  query: z.string(),
  shared: z.boolean(),
  /** Whether the caller made it, and so may change it. */
  own: z.boolean(),
  madeBy: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

export function shownView(row: SavedViewRow, callerId: string): z.output<typeof view> {
  return {
    id: row.viewId,
    name: row.name,
    page: row.page,
    query: row.query,
    shared: row.shared,
    own: row.owner === callerId,
    madeBy: row.ownerName,
    createdAt: new Date(row.createdMs).toISOString(),
    updatedAt: new Date(row.updatedMs).toISOString(),
  };
}

export function unknownView(): Failure {
  return new Failure("access.unknown", { what: "view", field: "id" });
}
