import { blobOf, intOf, intOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Tx, WriteTx } from "./types.ts";

/** Something that the authorization server keeps for a while, found by a hash of its id. */
export interface OauthArtifactRow {
  /** `AuthorizationCode`, `RefreshToken`, `Client`, … */
  readonly kind: string;
  readonly idHash: Buffer;
  readonly grantId: string | null;
  /** Sealed. */
  readonly payload: Buffer;
  readonly consumedMs: number | null;
  readonly expiresMs: number;
}

const INSTALLATION = 0;

/** Keeps it, in the place of an earlier one of the same id; what has expired is forgotten on the way. */
export async function putOauthArtifact(
  tx: WriteTx,
  { kind, idHash, grantId, payload, expiresMs }: Omit<OauthArtifactRow, "consumedMs">,
  nowMs: number,
): Promise<void> {
  const session = sessionOf(tx);
  await session.run("delete from oauth_artifacts where tenant_id = ? and expires_ms <= ?", [INSTALLATION, nowMs]);
  await session.run("delete from oauth_grants where expires_ms <= ?", [nowMs]);
  await session.run(
    `insert into oauth_artifacts (tenant_id, kind, id_hash, grant_id, payload, consumed_ms, expires_ms)
     values (?, ?, ?, ?, ?, null, ?)
     on conflict (tenant_id, kind, id_hash) do update
     set grant_id = excluded.grant_id, payload = excluded.payload, expires_ms = excluded.expires_ms`,
    [INSTALLATION, kind, idHash, grantId, payload, expiresMs],
  );
}

export async function findOauthArtifact(
  tx: Tx,
  kind: string,
  idHash: Buffer,
): Promise<Pick<OauthArtifactRow, "payload" | "consumedMs" | "expiresMs"> | null> {
  const row = await sessionOf(tx).first(
    `select payload, consumed_ms, expires_ms from oauth_artifacts
     where tenant_id = ? and kind = ? and id_hash = ?`,
    [INSTALLATION, kind, idHash],
  );
  if (!row) return null;
  return {
    payload: blobOf(row, "payload"),
    consumedMs: intOrNull(row, "consumed_ms"),
    expiresMs: intOf(row, "expires_ms"),
  };
}

/** Uses it up. @returns false when it was used already: of two that race, one gets true. */
export async function consumeOauthArtifact(tx: WriteTx, kind: string, idHash: Buffer, nowMs: number): Promise<boolean> {
  const consumed = await sessionOf(tx).run(
    `update oauth_artifacts set consumed_ms = ?
     where tenant_id = ? and kind = ? and id_hash = ? and consumed_ms is null`,
    [nowMs, INSTALLATION, kind, idHash],
  );
  return consumed === 1;
}

/** Keeps it until later than it was to be kept. */
export async function prolongOauthArtifact(
  tx: WriteTx,
  kind: string,
  idHash: Buffer,
  expiresMs: number,
): Promise<void> {
  const sql = `update oauth_artifacts set expires_ms = ?
     where tenant_id = ? and kind = ? and id_hash = ? and expires_ms < ?`;
  await sessionOf(tx).run(sql, [expiresMs, INSTALLATION, kind, idHash, expiresMs]);
}

export async function deleteOauthArtifact(tx: WriteTx, kind: string, idHash: Buffer): Promise<void> {
  const sql = "delete from oauth_artifacts where tenant_id = ? and kind = ? and id_hash = ?";
  await sessionOf(tx).run(sql, [INSTALLATION, kind, idHash]);
}

/** Everything of one kind that was issued with a grant. */
export async function deleteOauthArtifactsOf(tx: WriteTx, kind: string, grantId: string): Promise<void> {
  const sql = "delete from oauth_artifacts where tenant_id = ? and kind = ? and grant_id = ?";
  await sessionOf(tx).run(sql, [INSTALLATION, kind, grantId]);
}

export async function countOauthArtifacts(tx: Tx, kind: string): Promise<number> {
  const sql = "select count(*) as n from oauth_artifacts where tenant_id = ? and kind = ?";
  const row = await sessionOf(tx).first(sql, [INSTALLATION, kind]);
  return intOf(row!, "n");
}
