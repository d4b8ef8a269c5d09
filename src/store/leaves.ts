import { Edge, type Subtree } from "../ledger/index.ts";
import type { SqlValue } from "./connection.ts";
import { blobOf, blobOrNull, intOf, intOrNull, textOf, textOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { LogState, NewLeaf, Scope, StoredLeaf, Tx, WriteTx } from "./types.ts";

const HASH_BYTES = 32;
/** A tile is 256 hashes: 8 levels of the tree. */
const TILE_HEIGHT = 8;

/**
 * Where the tenant's log stands, or null before it has one.
 *
 * A writing transaction that has asked is the only one that appends, until it ends: others wait here.
 */
export async function logState(tx: Tx, scope: Scope): Promise<LogState | null> {
  const session = sessionOf(tx);
  const find = () =>
    session.first(`select origin, size, edge, last_at_ms from logs where tenant_id = ?${session.forUpdate}`, [
      scope.tenantId,
    ]);
  let row = await find();
  if (!row && session.forUpdate !== "") {
    // Nothing to lock yet: the tenant's own row keeps a second process from beginning the log too.
    await session.first(`select tenant_id from tenants where tenant_id = ?${session.forUpdate}`, [scope.tenantId]);
    row = await find();
  }
  if (!row) return null;
  const edge = hashesOf(blobOf(row, "edge"));
  return { origin: textOf(row, "origin"), size: intOf(row, "size"), edge, lastAtMs: intOf(row, "last_at_ms") };
}

/** Begins the tenant's log. A tenant has one, for ever. */
export async function createLog(tx: WriteTx, scope: Scope, { origin }: { readonly origin: string }): Promise<LogState> {
  await sessionOf(tx).run("insert into logs (tenant_id, origin, size, edge, last_at_ms) values (?, ?, 0, ?, 0)", [
    scope.tenantId,
    origin,
    Buffer.alloc(0),
  ]);
  return { origin, size: 0, edge: [], lastAtMs: 0 };
}

/**
 * Adds leaves at the end of the log, keeps the hash of every tile they complete, and moves the log's state on.
 *
 * Leaves that do not continue the log are a bug and throw.
 *
 * @returns the log's state with them
 */
export async function appendLeaves(
  tx: WriteTx,
  scope: Scope,
  leaves: readonly NewLeaf[],
  lastAtMs: number,
): Promise<LogState> {
  const { tenantId } = scope;
  const session = sessionOf(tx);
  const state = await logState(tx, scope);
  if (!state) throw new Error("the tenant has no log");
  const edge = new Edge(state.size, state.edge);
  const tiles: SqlValue[][] = [];
  for (const leaf of leaves) {
    if (leaf.index !== edge.size) throw new Error(`leaf ${leaf.index} does not follow a log of ${edge.size}`);
    edge.append(leaf.leafHash, (level, n, hash) => {
      if (level > 0 && level % TILE_HEIGHT === 0) tiles.push([tenantId, level / TILE_HEIGHT, n, hash]);
    });
  }
  const rows = leaves.map((leaf) => [tenantId, leaf.index, leaf.leaf, leaf.leafHash, leaf.salt, leaf.payload]);
  await session.insertRows("leaves", LEAF_COLUMNS, rows);
  await session.insertRows("tile_hashes", TILE_COLUMNS, tiles);
  const moved = await session.run(
    "update logs set size = ?, edge = ?, last_at_ms = ? where tenant_id = ? and size = ?",
    [edge.size, Buffer.concat(edge.hashes), lastAtMs, tenantId, state.size],
  );
  if (moved !== 1) throw new Error("another process has appended to this log");
  return { ...state, size: edge.size, edge: edge.hashes.map((hash) => Buffer.from(hash)), lastAtMs };
}

/** Leaves `from` (held) to `to` (not), fewer when the log ends before. */
export async function readLeaves(tx: Tx, scope: Scope, from: number, to: number): Promise<StoredLeaf[]> {
  const rows = await sessionOf(tx).all(
    `select leaf_index, leaf, leaf_hash, salt, payload, erased_by
     from leaves
     where tenant_id = ? and leaf_index >= ? and leaf_index < ?
     order by leaf_index`,
    [scope.tenantId, from, to],
  );
  return rows.map((row) => ({
    index: intOf(row, "leaf_index"),
    leaf: blobOf(row, "leaf"),
    leafHash: blobOf(row, "leaf_hash"),
    salt: blobOrNull(row, "salt"),
    payload: textOrNull(row, "payload"),
    erasedBy: intOrNull(row, "erased_by"),
  }));
}

/** Hashes of leaves `from` (held) to `to` (not), fewer when the log ends before. */
export async function leafHashes(tx: Tx, scope: Scope, from: number, to: number): Promise<Buffer[]> {
  const rows = await sessionOf(tx).all(
    "select leaf_hash from leaves where tenant_id = ? and leaf_index >= ? and leaf_index < ? order by leaf_index",
    [scope.tenantId, from, to],
  );
  return rows.map((row) => blobOf(row, "leaf_hash"));
}

/**
 * Hashes `from` (held) to `to` (not) of a tile level: at level 0 of leaves, at level L of runs of 256^L leaves.
 * Fewer when the log has not completed them.
 */
export async function tileHashes(tx: Tx, scope: Scope, level: number, from: number, to: number): Promise<Buffer[]> {
  if (level === 0) return leafHashes(tx, scope, from, to);
  const rows = await sessionOf(tx).all(
    "select hash from tile_hashes where tenant_id = ? and level = ? and n >= ? and n < ? order by n",
    [scope.tenantId, level, from, to],
  );
  return rows.map((row) => blobOf(row, "hash"));
}

/** Root of a complete subtree, from the fewest stored hashes: at most 255 of one tile level. */
export async function subtreeHash(tx: Tx, scope: Scope, { level, index }: Subtree): Promise<Buffer> {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const width = 2 ** (level % TILE_HEIGHT);
  const first = index * width;
  const hashes = await tileHashes(tx, scope, tileLevel, first, first + width);
  if (hashes.length !== width) throw new RangeError(`the log does not hold subtree ${index} of level ${level}`);
  const edge = new Edge();
  for (const hash of hashes) edge.append(hash);
  return edge.root();
}

const LEAF_COLUMNS = [
  { name: "tenant_id", type: "int" },
  { name: "leaf_index", type: "int" },
  { name: "leaf", type: "blob" },
  { name: "leaf_hash", type: "blob" },
  { name: "salt", type: "blob" },
  { name: "payload", type: "text" },
] as const;

const TILE_COLUMNS = [
  { name: "tenant_id", type: "int" },
  { name: "level", type: "int" },
  { name: "n", type: "int" },
  { name: "hash", type: "blob" },
] as const;

function hashesOf(joined: Buffer): Buffer[] {
  return Array.from({ length: joined.length / HASH_BYTES }, (_, at) =>
    joined.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}
