import { intOf, intOrNull, oneOf, textOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Tx, WriteTx } from "./types.ts";

/**
 * A way in that works once. `setup` makes the first account; `invitation` has its account choose a password;
 * `sign-in` signs in at once.
 */
export interface OneTimeLinkRow {
  readonly purpose: (typeof PURPOSES)[number];
  readonly accountId: string | null;
  readonly createdMs: number;
  readonly expiresMs: number;
  readonly usedMs: number | null;
}

const PURPOSES = ["setup", "invitation", "sign-in"] as const;

const INSTALLATION = 0;

export async function insertLink(tx: WriteTx, linkHash: Buffer, row: OneTimeLinkRow): Promise<void> {
  await sessionOf(tx).run(
    `insert into one_time_links (tenant_id, link_hash, purpose, account_id, created_ms, expires_ms, used_ms)
     values (?, ?, ?, ?, ?, ?, ?)`,
    [INSTALLATION, linkHash, row.purpose, row.accountId, row.createdMs, row.expiresMs, row.usedMs],
  );
}

export async function findLink(tx: Tx, linkHash: Buffer): Promise<OneTimeLinkRow | null> {
  const row = await sessionOf(tx).first(
    `select purpose, account_id, created_ms, expires_ms, used_ms from one_time_links
     where tenant_id = ? and link_hash = ?`,
    [INSTALLATION, linkHash],
  );
  if (!row) return null;
  return {
    purpose: oneOf(row, "purpose", PURPOSES),
    accountId: textOrNull(row, "account_id"),
    createdMs: intOf(row, "created_ms"),
    expiresMs: intOf(row, "expires_ms"),
    usedMs: intOrNull(row, "used_ms"),
  };
}

/** Uses a link up. @returns false when it was used or has expired: of two that race, one gets true. */
export async function takeLink(tx: WriteTx, linkHash: Buffer, nowMs: number): Promise<boolean> {
  const taken = await sessionOf(tx).run(
    `update one_time_links set used_ms = ?
     where tenant_id = ? and link_hash = ? and used_ms is null and expires_ms > ?`,
    [nowMs, INSTALLATION, linkHash, nowMs],
  );
  return taken === 1;
}

/** Links that were never used stop working: all of this purpose, or those of one account. */
export async function withdrawLinks(
  tx: WriteTx,
  which: { readonly purpose: "setup" } | { readonly accountId: string },
): Promise<void> {
  const [column, value] = "purpose" in which ? ["purpose", which.purpose] : ["account_id", which.accountId];
  await sessionOf(tx).run(`delete from one_time_links where tenant_id = ? and ${column} = ? and used_ms is null`, [
    INSTALLATION,
    value,
  ]);
}
