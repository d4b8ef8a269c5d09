import { intOf, textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { SavedViewRow, Scope, Tx, WriteTx } from "./types.ts";

/** A caller's own views and those that others share, by name. */
export async function listViews(tx: Tx, scope: Scope, owner: string): Promise<SavedViewRow[]> {
  const rows = await sessionOf(tx).all(
    `select view_id, owner, owner_name, name, page, query, shared, created_ms, updated_ms
     from saved_views
     where tenant_id = ? and (owner = ? or shared = 1)
     order by name, view_id`,
    [scope.tenantId, owner],
  );
  return rows.map(viewOf);
}

export async function findView(tx: Tx, scope: Scope, viewId: string): Promise<SavedViewRow | null> {
  const row = await sessionOf(tx).first(
    `select view_id, owner, owner_name, name, page, query, shared, created_ms, updated_ms
     from saved_views
     where tenant_id = ? and view_id = ?`,
    [scope.tenantId, viewId],
  );
  return row ? viewOf(row) : null;
}

/** Keeps a view; one of the same id is replaced, and stays as old as it was. */
export async function putView(tx: WriteTx, scope: Scope, view: SavedViewRow): Promise<void> {
  await sessionOf(tx).run(
    `insert into saved_views (tenant_id, view_id, owner, owner_name, name, page, query, shared, created_ms, updated_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (tenant_id, view_id) do update
     set name = excluded.name, page = excluded.page, query = excluded.query, shared = excluded.shared,
       updated_ms = excluded.updated_ms`,
    [
      scope.tenantId,
      view.viewId,
      view.owner,
      view.ownerName,
      view.name,
      view.page,
      view.query,
      view.shared ? 1 : 0,
      view.createdMs,
      view.updatedMs,
    ],
  );
}

export async function deleteView(tx: WriteTx, scope: Scope, viewId: string): Promise<void> {
  await sessionOf(tx).run("delete from saved_views where tenant_id = ? and view_id = ?", [scope.tenantId, viewId]);
}

function viewOf(row: Parameters<typeof textOf>[0]): SavedViewRow {
  return {
    viewId: textOf(row, "view_id"),
    owner: textOf(row, "owner"),
    ownerName: textOf(row, "owner_name"),
    name: textOf(row, "name"),
    page: textOf(row, "page"),
    query: textOf(row, "query"),
    shared: intOf(row, "shared") === 1,
    createdMs: intOf(row, "created_ms"),
    updatedMs: intOf(row, "updated_ms"),
  };
}
