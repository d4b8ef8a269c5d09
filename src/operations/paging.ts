import { createHash } from "node:crypto";

import { Failure } from "../domain/index.ts";

const MOST = 10_000;

/** Which part of a list was asked for. */
export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/**
 * Reads `limit` and `cursor`. A cursor is bound to the question and to the revision of the record: pages of one walk are
 * of one answer, or the walk ends with `api.cursor_outdated`.
 *
 * @throws Failure `input.invalid`, `api.cursor_outdated`
 */
export function pageOf(limit: string | null, cursor: string | null, bond: string): Page | null {
  if (limit === null && cursor === null) return null;
  const size = limit === null ? MOST : Number(/^\d{1,5}$/.test(limit) ? limit : Number.NaN);
  if (!(size >= 1 && size <= MOST)) {
    throw new Failure("input.invalid", {
      field: "limit",
      problem: "is no such number",
      remedy: `Give a whole number from 1 to ${MOST}.`,
    });
  }
  if (cursor === null) return { limit: size, offset: 0 };
  const [, offset = "", seal = ""] = /^(\d{1,12})\.([A-Za-z0-9_-]{22})$/.exec(decoded(cursor)) ?? [];
  if (seal === "") {
    throw new Failure("input.invalid", {
      field: "cursor",
      problem: "is none of ours",
      remedy: "Give nextCursor of the page before, or leave it out.",
    });
  }
  if (seal !== sealOf(bond)) throw new Failure("api.cursor_outdated");
  return { limit: size, offset: Number(offset) };
}

/** The asked part, and the cursor of what follows. */
export function pageIn<Row>(
  rows: readonly Row[],
  page: Page,
  bond: string,
): { rows: Row[]; nextCursor: string | null } {
  const end = page.offset + page.limit;
  const nextCursor = end < rows.length ? Buffer.from(`${end}.${sealOf(bond)}`).toString("base64url") : null;
  return { rows: rows.slice(page.offset, end), nextCursor };
}

function decoded(cursor: string): string {
  return Buffer.from(cursor.slice(0, 100), "base64url").toString("utf8");
}

function sealOf(bond: string): string {
  return createHash("sha256").update(bond).digest("base64url").slice(0, 22);
}
