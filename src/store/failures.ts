import { Failure } from "../domain/index.ts";

/**
 * What SQLite throws, as something a person can act on.
 *
 * Codes: https://sqlite.org/rescode.html; the low byte is the primary one.
 */
export function sqliteFailure(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof Error) || !("errcode" in thrown) || typeof thrown.errcode !== "number") return thrown;
  const cause = { cause: thrown };
  const problem = thrown.message;
  switch (thrown.errcode & 0xff) {
    case 5: // BUSY
    case 6: // LOCKED
      return new Failure("store.locked", {}, cause);
    case 8: // READONLY
      return new Failure("store.read_only", { path }, cause);
    case 13: // FULL
      return new Failure("store.disk_full", {}, cause);
    case 11: // CORRUPT
    case 26: // NOTADB
      return new Failure("store.damaged", { problem }, cause);
    case 10: // IOERR
    case 14: // CANTOPEN
      return new Failure("store.io", { problem, path }, cause);
    default:
      return thrown;
  }
}

const NETWORK = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "EACCES",
  "ENOENT",
]);

/**
 * As `sqliteFailure`, for PostgreSQL's SQLSTATE and for the network in between.
 *
 * Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function postgresFailure(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof Error) || thrown instanceof Failure) return thrown;
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
  const cause = { cause: thrown };
  if (code === "53100") return new Failure("store.disk_full", {}, cause);
  if (code === "55P03" || code === "40001" || code === "40P01") return new Failure("store.locked", {}, cause);
  if (code === "25006") return new Failure("store.read_only", { path }, cause);
  if (/^XX00[12]$/.test(code)) return new Failure("store.damaged", { problem: thrown.message }, cause);
  const unusable = /^(08|28|53|57P|58)/.test(code) || code === "3D000" || NETWORK.has(code);
  // pg says these without a code.
  const isGone =
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;
  if (unusable || isGone.test(thrown.message)) {
    return new Failure("store.io", { problem: thrown.message || code, path }, cause);
  }
  return thrown;
}
