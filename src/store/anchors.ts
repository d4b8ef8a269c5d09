import type { SqlRow } from "./connection.ts";
import { blobOrNull, intOf, intOrNull, oneOf, textOf, textOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import { ANCHOR_KINDS, ANCHOR_STATES, type AnchorRow, type Scope, type Tx, type WriteTx } from "./types.ts";

/** Where a checkpoint stands with one service; an earlier row of the same is replaced. */
export async function putAnchor(tx: WriteTx, scope: Scope, row: AnchorRow): Promise<void> {
  const values = COLUMNS.map(({ value }) => value(row));
  await sessionOf(tx).run(
    `insert into anchors (tenant_id, ${NAMES.join(", ")}) values (?${", ?".repeat(NAMES.length)})
     on conflict (tenant_id, origin, size, kind, target) do update
     set ${NAMES.filter((name) => !KEY.includes(name))
       .map((name) => `${name} = excluded.${name}`)
       .join(", ")}`,
    [scope.tenantId, ...values],
  );
}

export interface AnchorQuery {
  readonly origin: string;
  /** Of checkpoints below this size. */
  readonly below?: number;
  readonly limit: number;
}

/** What became of the log's checkpoints, the newest first. */
export async function listAnchors(tx: Tx, scope: Scope, query: AnchorQuery): Promise<AnchorRow[]> {
  const { origin, below = Number.MAX_SAFE_INTEGER, limit } = query;
  return rowsWhere(tx, scope, origin, "and size < ? order by size desc, kind, target limit ?", [below, limit]);
}

/** The newest of each service, the newest that was handed over, and all that wait for something. */
export async function currentAnchors(tx: Tx, scope: Scope, origin: string): Promise<AnchorRow[]> {
  return rowsWhere(
    tx,
    scope,
    origin,
    `and (
       state in ('waiting', 'pending')
       or (proof is not null and leaf_index is null)
       or size = (
         select max(later.size) from anchors later
         where later.tenant_id = anchors.tenant_id and later.origin = anchors.origin
           and later.kind = anchors.kind and later.target = anchors.target and later.state <> 'waiting'
       )
     )
     order by size desc, kind, target`,
    [],
  );
}

/** Every row of a kind with a proof that a leaf of the log records, the smallest checkpoint first. */
export async function recordedAnchors(
  tx: Tx,
  scope: Scope,
  { origin, beforeLeaf }: { readonly origin: string; readonly beforeLeaf: number },
): Promise<AnchorRow[]> {
  return rowsWhere(tx, scope, origin, "and proof is not null and leaf_index < ? order by size, kind, target", [
    beforeLeaf,
  ]);
}

/** Witnesses, by vkey, that have ever cosigned a checkpoint of the log. */
export async function cosigners(tx: Tx, scope: Scope, origin: string): Promise<string[]> {
  const rows = await sessionOf(tx).all(
    `select distinct target from anchors
     where tenant_id = ? and origin = ? and kind = 'witness' and state = 'cosigned'
     order by target`,
    [scope.tenantId, origin],
  );
  return rows.map((row) => textOf(row, "target"));
}

export async function findAnchor(
  tx: Tx,
  scope: Scope,
  { origin, size, kind, target }: Pick<AnchorRow, "origin" | "size" | "kind" | "target">,
): Promise<AnchorRow | null> {
  const rows = await rowsWhere(tx, scope, origin, "and size = ? and kind = ? and target = ?", [size, kind, target]);
  return rows[0] ?? null;
}

/** Takes a row away that waits and has nothing: a newer checkpoint waits in its place. */
export async function dropWaiting(
  tx: WriteTx,
  scope: Scope,
  { origin, size, kind, target }: Pick<AnchorRow, "origin" | "size" | "kind" | "target">,
): Promise<void> {
  await sessionOf(tx).run(
    `delete from anchors
     where tenant_id = ? and origin = ? and size = ? and kind = ? and target = ? and state = 'waiting'`,
    [scope.tenantId, origin, size, kind, target],
  );
}

const COLUMNS: readonly { readonly name: string; value(row: AnchorRow): string | number | Buffer | null }[] = [
  { name: "origin", value: ({ origin }) => origin },
  { name: "size", value: ({ size }) => size },
  { name: "kind", value: ({ kind }) => kind },
  { name: "target", value: ({ target }) => target },
  { name: "state", value: ({ state }) => state },
  { name: "checkpoint", value: ({ checkpoint }) => checkpoint },
  { name: "proof", value: ({ proof }) => proof },
  { name: "facts", value: ({ facts }) => facts },
  { name: "since_ms", value: ({ sinceMs }) => sinceMs },
  { name: "handed_ms", value: ({ handedMs }) => handedMs },
  { name: "tries", value: ({ tries }) => tries },
  { name: "due_ms", value: ({ dueMs }) => dueMs },
  { name: "problem_code", value: ({ problemCode }) => problemCode },
  { name: "problem", value: ({ problem }) => problem },
  { name: "leaf_index", value: ({ leafIndex }) => leafIndex },
];
const NAMES = COLUMNS.map(({ name }) => name);
const KEY = ["origin", "size", "kind", "target"];

async function rowsWhere(
  tx: Tx,
  scope: Scope,
  origin: string,
  condition: string,
  values: readonly (number | string)[],
): Promise<AnchorRow[]> {
  const rows = await sessionOf(tx).all(
    `select ${NAMES.join(", ")} from anchors where tenant_id = ? and origin = ? ${condition}`,
    [scope.tenantId, origin, ...values],
  );
  return rows.map(anchorRow);
}

function anchorRow(row: SqlRow): AnchorRow {
  return {
    origin: textOf(row, "origin"),
    size: intOf(row, "size"),
    kind: oneOf(row, "kind", ANCHOR_KINDS),
    target: textOf(row, "target"),
    state: oneOf(row, "state", ANCHOR_STATES),
    checkpoint: textOf(row, "checkpoint"),
    proof: blobOrNull(row, "proof"),
    facts: textOf(row, "facts"),
    sinceMs: intOf(row, "since_ms"),
    handedMs: intOrNull(row, "handed_ms"),
    tries: intOf(row, "tries"),
    dueMs: intOf(row, "due_ms"),
    problemCode: textOrNull(row, "problem_code"),
    problem: textOrNull(row, "problem"),
    leafIndex: intOrNull(row, "leaf_index"),
  };
}
