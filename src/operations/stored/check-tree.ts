import type { Scope } from "../../domain/index.ts";
import {
  Edge,
  leafHash,
  ledgerErrorAsNull,
  parseCheckpoint,
  parseLeaf,
  parseVkey,
  TileBuilder,
  verifyCheckpoint,
  type BuiltTile,
  type Findings,
  type VerifierKey,
} from "../../ledger/index.ts";
import {
  listCheckpoints,
  listLogKeys,
  tileHashes,
  type CheckpointRow,
  type LogState,
  type StoredLeaf,
  type Tx,
} from "../../store/index.ts";
import { LEAVES } from "./check-stored.ts";

const TILE_WIDTH = 256;
const HASH_BYTES = 32;

type Declared = readonly { readonly index: number; readonly vkeys: readonly string[] }[];

/** The tree over the stored leaves, and everything that is kept of it: hashes, tiles, right edge, keys, checkpoints. */
export class TreeCheck {
  readonly #tx: Tx;
  readonly #scope: Scope;
  readonly #findings: Findings;
  readonly #builder = new TileBuilder();
  readonly #edge = new Edge();
  /** Roots at the sizes that a checkpoint signs. */
  readonly #roots = new Map<number, Buffer>();
  #checkpoints: CheckpointRow[] | null = null;
  #next = 0;
  #lastAtMs = 0;

  constructor(tx: Tx, scope: Scope, findings: Findings) {
    this.#tx = tx;
    this.#scope = scope;
    this.#findings = findings;
  }

  async add({ index, leaf, leafHash: stored }: StoredLeaf): Promise<void> {
    this.#checkpoints ??= await this.#readCheckpoints();
    if (index !== this.#next) {
      this.#findings.add(LEAVES, `leaves ${this.#next} to ${index - 1} are missing`, this.#next);
    }
    this.#next = index + 1;
    const hash = leafHash(leaf);
    if (!hash.equals(stored)) this.#findings.add(LEAVES, "was changed after it was appended", index);
    this.#edge.append(hash);
    for (const tile of this.#builder.add(hash)) await this.#checkTile(tile);
    if (this.#roots.has(this.#builder.size)) this.#roots.set(this.#builder.size, this.#builder.root());
    this.#lastAtMs = atOf(leaf) ?? this.#lastAtMs;
  }

  async finish(state: LogState | null, declared: Declared): Promise<void> {
    this.#checkpoints ??= await this.#readCheckpoints();
    for (const tile of this.#builder.partial()) await this.#checkTile(tile);
    if (state === null) {
      if (this.#next > 0) this.#findings.add("table logs", "has no row for the leaves that are there");
      return;
    }
    this.#checkState(state);
    await this.#checkStrayTiles(state.size);
    const keys = await this.#checkKeys(declared);
    for (const checkpoint of this.#checkpoints) this.#checkCheckpoint(checkpoint, state, keys);
  }

  async #readCheckpoints(): Promise<CheckpointRow[]> {
    const rows: CheckpointRow[] = [];
    for await (const row of listCheckpoints(this.#tx, this.#scope)) {
      rows.push(row);
      this.#roots.set(row.size, Buffer.alloc(0));
    }
    return rows;
  }

  /** Level 0 is the leaves' own hashes; the others are kept. */
  async #checkTile({ level, n, width, hashes }: BuiltTile): Promise<void> {
    if (level === 0) return;
    const first = n * TILE_WIDTH;
    const wanted = Buffer.from(hashes);
    const kept = Buffer.concat(await tileHashes(this.#tx, this.#scope, level, first, first + width));
    if (!kept.equals(wanted)) {
      const at = firstDifferent(wanted, kept);
      this.#findings.add("table tile_hashes", `hash ${first + at} of level ${level} is not that of its leaves`);
    }
  }

  async #checkStrayTiles(size: number): Promise<void> {
    for (
      let level = 1, hashes = Math.floor(size / TILE_WIDTH);
      ;
      level += 1, hashes = Math.floor(hashes / TILE_WIDTH)
    ) {
      const beyond = await tileHashes(this.#tx, this.#scope, level, hashes, Number.MAX_SAFE_INTEGER);
      if (beyond.length > 0) {
        this.#findings.add(
          "table tile_hashes",
          `level ${level} holds ${beyond.length} hashes of leaves that are not there`,
        );
      }
      if (hashes === 0) return;
    }
  }

  #checkState({ size, edge, lastAtMs, origin }: LogState): void {
    const add = (what: string) => this.#findings.add("table logs", what);
    if (size !== this.#next) add(`says ${size} leaves where ${this.#next} are`);
    else if (!Buffer.concat([...edge]).equals(Buffer.concat([...this.#edge.hashes]))) {
      add("its right edge is not that of the leaves");
    }
    if (this.#next > 0 && lastAtMs !== this.#lastAtMs) add("its last time is not that of the last leaf");
    const [signed] = this.#checkpoints ?? [];
    const named = signed === undefined ? null : ledgerErrorAsNull(() => parseCheckpoint(signed.note));
    if (named !== null && named.origin !== origin) add("its name is not the one that was signed");
  }

  /** Keys of the leaves, and those that are kept in a table to be found quickly. */
  async #checkKeys(declared: Declared): Promise<VerifierKey[]> {
    const named = declared.flatMap(({ index, vkeys }) => vkeys.map((vkey) => `${vkey} ${index}`));
    const rows = await listLogKeys(this.#tx, this.#scope);
    const later = new Set(named.slice(1));
    for (const { vkey, leafIndex, keyNo } of rows) {
      if (later.delete(`${vkey} ${leafIndex}`)) continue;
      this.#findings.add("table log_keys", `key ${keyNo} is not the one that a key leaf names`, leafIndex);
    }
    for (const missing of later) {
      this.#findings.add("table log_keys", "lacks a key that a key leaf names", Number(missing.split(" ")[1]));
    }
    return declared.flatMap(({ vkeys }) => vkeys.flatMap((vkey) => ledgerErrorAsNull(() => parseVkey(vkey)) ?? []));
  }

  #checkCheckpoint({ size, note }: CheckpointRow, { origin }: LogState, keys: readonly VerifierKey[]): void {
    const add = (what: string) => this.#findings.add("table checkpoints", `of size ${size}: ${what}`);
    const signed = ledgerErrorAsNull(() => verifyCheckpoint(note, keys));
    const root = this.#roots.get(size);
    if (signed === null) add("is no checkpoint that a key of the log has signed");
    else if (signed.origin !== origin || signed.size !== size) add("is of another log or size");
    else if (size > this.#next) add(`signs more than the ${this.#next} leaves that are there`);
    else if (size > 0 && root?.equals(signed.root) !== true) add("signs another root than that of the leaves");
  }
}

function firstDifferent(wanted: Buffer, kept: Buffer): number {
  for (let at = 0; at * HASH_BYTES < wanted.length; at += 1) {
    const place = [at * HASH_BYTES, (at + 1) * HASH_BYTES] as const;
    if (!wanted.subarray(...place).equals(kept.subarray(...place))) return at;
  }
  return 0;
}

function atOf(leaf: Buffer): number | null {
  const parsed = ledgerErrorAsNull(() => parseLeaf(leaf));
  return parsed === null ? null : Date.parse(parsed.at);
}
