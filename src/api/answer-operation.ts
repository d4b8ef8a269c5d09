import { createHash } from "node:crypto";

import { Failure, type Scope } from "../domain/index.ts";
import { runOperation, type OperationContext } from "../operations/index.ts";
import type { AnswerCache, KeptAnswer } from "./answer-cache.ts";
import type { Entered } from "./authenticate.ts";
import { listIn } from "./list-member.ts";
import { pageIn, pageOf } from "./paging.ts";
import type { Revisions } from "./revision.ts";
import type { Served } from "./served-operations.ts";
import { csvOf } from "./table-csv.ts";

/** How an answer is wanted. */
export interface Wanted {
  readonly form: "json" | "csv";
  readonly limit: string | null;
  readonly cursor: string | null;
}

export interface Answered extends KeptAnswer {
  /** Strong, for answers that may be kept; null for those that age with the clock or leave a trace. */
  readonly etag: string | null;
}

const JSON_TYPE = "application/json; charset=utf-8";
const CSV_TYPE = "text/csv; charset=utf-8; header=present";

/** So long an answer may be given again that ages with the clock: many pages open at once ask for the same. */
const FRESH_MS = 5_000;

export interface Answering {
  readonly cache: AnswerCache;
  readonly revisions: Revisions;
  /** Told before anything is computed. @throws Failure `api.rate_limited` */
  readonly charge: (entered: Entered) => void;
}

/**
 * Answers a read operation, from what is ready when the record, the day, the caller's rights and the question are the
 * same. Null stands for an answer that the client has already, by its entity tag.
 *
 * @throws Failure whatever the operation throws, `api.not_acceptable`, `api.cursor_outdated`
 */
export async function answerOperation(
  { cache, revisions, charge }: Answering,
  entered: Entered,
  served: Served,
  question: { readonly input: Record<string, unknown>; readonly wanted: Wanted; readonly ifNoneMatch: string | null },
): Promise<Answered | { readonly etag: string; readonly body: null }> {
  const { operation } = served;
  const { context } = entered;
  const { input, wanted, ifNoneMatch } = question;
  if (wanted.form === "csv" && served.list === null) throw new Failure("api.not_acceptable");
  // Refused before anything is looked up: what is ready may be ready for somebody else.
  if (!context.caller.permissions.has(operation.permission))
    throw new Failure("access.forbidden", { permission: operation.permission });
  const leavesTrace = typeof operation.audit !== "string";
  const revision = await revisions.of(context.scope);
  const bond = bondOf(revision, context, served, input);
  const make = async (): Promise<KeptAnswer> => {
    charge(entered);
    return written(await runOperation(context, operation, input), served, wanted, bond);
  };
  if (leavesTrace) return { ...(await make()), etag: null };
  const age = operation.fresh === true ? Math.floor(context.clock.now() / FRESH_MS) : "";
  const key = createHash("sha256")
    .update(`${bond}\n${age}\n${wanted.form}\n${wanted.limit ?? ""}\n${wanted.cursor ?? ""}`)
    .digest("base64url");
  if (operation.fresh === true) return { ...(await (cache.find(key) ?? cache.compute(key, make))), etag: null };
  const etag = `"${key.slice(0, 27)}"`;
  if (matches(ifNoneMatch, etag)) return { etag, body: null };
  return { ...(await (cache.find(key) ?? cache.compute(key, make))), etag };
}

/** Everything that the whole answer depends on, in one line. */
function bondOf(
  revision: string,
  { scope, caller }: OperationContext,
  { name }: Served,
  input: Record<string, unknown>,
): string {
  const rights = [...caller.permissions].sort().join(" ");
  // The caller too, although most answers are the same for equal rights: what is one's own must never be another's.
  const who = [caller.kind, scope.principal, caller.personId ?? "", rights, privacyKey(scope)];
  return JSON.stringify([scope.tenantId, revision, who, name, sorted(input)]);
}

function privacyKey({ privacy }: Scope): string {
  return createHash("sha256").update(JSON.stringify(privacy)).digest("base64url");
}

/** Equal inputs are equal texts, however their members were ordered. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, sorted(member)]),
  );
}

function written(answer: unknown, { list, isPaged }: Served, wanted: Wanted, bond: string): KeptAnswer {
  const page = isPaged ? pageOf(wanted.limit, wanted.cursor, bond) : null;
  if (wanted.form === "csv") {
    const rows = listIn(answer, list);
    const part = page === null ? { rows, nextCursor: null } : pageIn(rows, page, bond);
    return { body: Buffer.from(csvOf(part.rows)), contentType: CSV_TYPE, nextCursor: part.nextCursor };
  }
  if (page === null || list === null)
    return { body: Buffer.from(JSON.stringify(answer)), contentType: JSON_TYPE, nextCursor: null };
  const { rows, nextCursor } = pageIn(listIn(answer, list), page, bond);
  const part = { ...(answer as object), [list]: rows, nextCursor };
  return { body: Buffer.from(JSON.stringify(part)), contentType: JSON_TYPE, nextCursor };
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch.split(",").some((tag) => [etag, `W/${etag}`, "*"].includes(tag.trim()));
}
