import { createHash } from "node:crypto";

import { Failure } from "../domain/index.ts";
import {
  csvOf,
  pageIn,
  pageOf,
  questionKey,
  runOperation,
  type AnswerCache,
  type KeptAnswer,
} from "../operations/index.ts";
import type { AskedLately } from "./asked-lately.ts";
import type { Entered } from "./authenticate.ts";
import { listIn } from "./list-member.ts";
import type { Revisions } from "./revision.ts";
import type { Served } from "./served-operations.ts";
import type { SpareTime } from "./spare-time.ts";

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
  readonly lately: AskedLately;
  /** For the next answers, while a sync runs and the last ones are given. */
  readonly spare: SpareTime;
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
  answering: Answering,
  entered: Entered,
  served: Served,
  question: { readonly input: Record<string, unknown>; readonly wanted: Wanted; readonly ifNoneMatch: string | null },
): Promise<Answered | { readonly etag: string; readonly body: null }> {
  const { cache, revisions, charge } = answering;
  const { operation } = served;
  const { context } = entered;
  const { input, wanted, ifNoneMatch } = question;
  if (wanted.form === "csv" && served.list === null) throw new Failure("api.not_acceptable");
  // Refused before anything is looked up: what is ready may be ready for somebody else.
  if (!context.caller.permissions.has(operation.permission))
    throw new Failure("access.forbidden", { permission: operation.permission });
  const revision = await revisions.of(context.scope);
  const asked = questionKey(context, served.operation.id, input);
  const bond = JSON.stringify([revision.now, asked]);
  const compute = async () => written(await runOperation(context, operation, input), served, wanted, bond);
  const make = async (): Promise<KeptAnswer> => {
    charge(entered);
    return compute();
  };
  if (typeof operation.audit !== "string") return { ...(await make()), etag: null };
  const form = `${wanted.form}\n${wanted.limit ?? ""}\n${wanted.cursor ?? ""}`;
  if (operation.fresh === true) {
    const key = keyOf(`${bond}\n${Math.floor(context.clock.now() / FRESH_MS)}`, form);
    return { ...(await (cache.find(key) ?? cache.compute(key, make))), etag: null };
  }
  const key = keyOf(bond, form);
  const known =
    // A page of many is asked for by its cursor, which counts for one state of the record only.
    wanted.cursor === null
      ? answering.lately.note(entered, `${asked}\n${form}`, context.clock.now(), () =>
          prepare(answering, entered, served, { input, wanted }),
        )
      : null;
  const found = cache.find(key);
  const last = known?.last;
  if (found === undefined && revision.during !== null && last?.during === revision.during) {
    const answer = cache.ready(last.key);
    if (answer !== undefined) {
      void answering.spare.offer(async () => {
        await cache.compute(key, compute);
        known!.last = { key, during: revision.during };
      });
      const etag = etagOf(last.key);
      return matches(ifNoneMatch, etag) ? { etag, body: null } : { ...answer, etag };
    }
  }
  const etag = etagOf(key);
  const isKnown = matches(ifNoneMatch, etag);
  if (isKnown && found === undefined) return { etag, body: null };
  const answer = await (found ?? cache.compute(key, make));
  if (known !== null) known.last = { key, during: revision.during };
  return isKnown ? { etag, body: null } : { ...answer, etag };
}

/** Makes the answer of now ready, unless it is. */
async function prepare(
  { cache, revisions }: Answering,
  { context }: Entered,
  served: Served,
  { input, wanted }: { readonly input: Record<string, unknown>; readonly wanted: Wanted },
): Promise<void> {
  const { now } = await revisions.of(context.scope);
  const bond = JSON.stringify([now, questionKey(context, served.operation.id, input)]);
  const key = keyOf(bond, `${wanted.form}\n${wanted.limit ?? ""}\n${wanted.cursor ?? ""}`);
  const make = async () => written(await runOperation(context, served.operation, input), served, wanted, bond);
  if (cache.find(key) === undefined) await cache.compute(key, make);
}

function keyOf(bond: string, form: string): string {
  return createHash("sha256").update(`${bond}\n${form}`).digest("base64url");
}

function etagOf(key: string): string {
  return `"${key.slice(0, 27)}"`;
}

function written(answer: unknown, { list, isPaged }: Served, wanted: Wanted, bond: string): KeptAnswer {
  const page = isPaged ? pageOf(wanted.limit, wanted.cursor, bond) : null;
  if (wanted.form === "csv") {
    const rows = listIn(answer, list);
    const part = page === null ? { rows, nextCursor: null } : pageIn(rows, page, bond);
    const { next } = answer as { readonly next?: unknown };
    const cut = typeof next === "number" ? { nextOffset: next } : {};
    return { body: Buffer.from(csvOf(part.rows)), contentType: CSV_TYPE, nextCursor: part.nextCursor, ...cut };
  }
  if (page === null || list === null)
    return { body: Buffer.from(JSON.stringify(answer)), contentType: JSON_TYPE, nextCursor: null };
  const { rows, nextCursor } = pageIn(listIn(answer, list), page, bond);
  const part = { ...(answer as object), [list]: rows, nextCursor };
  return { body: Buffer.from(JSON.stringify(part)), contentType: JSON_TYPE, nextCursor };
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch.split(",").some((tag) => [etag, `W/${etag}`].includes(tag.trim()));
}
