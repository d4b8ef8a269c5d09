import { Hono } from "hono";

import { Failure } from "../domain/index.ts";
import { LookTrail, runOperation, type OperationContext } from "../operations/index.ts";
import { findConnection } from "../store/index.ts";
import { answerOperation, type Answering, type Wanted } from "./answer-operation.ts";
import { enter, type Entered } from "./authenticate.ts";
import type { ApiContext, ApiEnv } from "./env.ts";
import { ledgerResponse } from "./ledger-response.ts";
import { OpenLimiter, RateLimiter } from "./limiter.ts";
import type { ApiParts } from "./parts.ts";
import { inputOfBody, inputOfQuery } from "./query-input.ts";
import { readJson } from "./read-json.ts";
import { rowsResponse } from "./rows-response.ts";
import { servedOperation, type Served } from "./served-operations.ts";

/** Answers that are made while they are read. */
const ARCHIVES = ["ledger-export", "evidence-bundle"];
const STREAMED = ["export-rows", ...ARCHIVES];

/** Members of the address that are about the answer, not about the question. */
const ABOUT_THE_ANSWER = ["tenant", "limit", "cursor", "format"];

/** `/api/v1/NAME` for every operation that the API serves. */
export function operationRoutes(parts: ApiParts, answering: Answering): Hono<ApiEnv> {
  const { clock, settings, syncs } = parts;
  const { limits } = settings;
  const probes = new RateLimiter(limits.probesPerMinute, "probes", clock);
  const exports = new OpenLimiter(limits.exportsAtOnce, "exports");
  const looks = new LookTrail(clock);
  const app = new Hono<ApiEnv>();

  app.get("/:name", async (c) => {
    const served = await found(c, "GET");
    const entered = await enter(parts, c);
    const { input, wanted } = question(c, served);
    if (STREAMED.includes(served.name)) refuseHead(c);
    // A look costs as much as an order: it adds to the ledger for good.
    await looks.note(entered.context, served.operation, input, () => answering.charge(entered));
    if (STREAMED.includes(served.name)) {
      const leave = exports.enter(entered.subject);
      try {
        answering.charge(entered);
        if (ARCHIVES.includes(served.name))
          return await ledgerResponse(entered, served, input, leave, limits.patienceMs);
        return await rowsResponse(entered, served, input, wanted.form, leave, limits.patienceMs);
      } catch (thrown) {
        leave();
        throw thrown;
      }
    }
    const ifNoneMatch = c.req.header("if-none-match") ?? null;
    const answer = await inTime(limits.answerMs, () =>
      answerOperation(answering, entered, served, { input, wanted, ifNoneMatch }),
    );
    const headers: Record<string, string> =
      answer.etag === null ? {} : { etag: answer.etag, "cache-control": "private, no-cache", vary: VARY };
    if (answer.body === null) return c.body(null, 304, headers);
    if (answer.nextCursor !== null) headers["x-next-cursor"] = answer.nextCursor;
    // Rows alone could not say that there are more: the file is named for it.
    if (answer.nextOffset !== undefined) headers["x-next-offset"] = String(answer.nextOffset);
    const file = answer.nextOffset === undefined ? served.name : `${served.name}-not-all`;
    if (wanted.form === "csv") headers["content-disposition"] = `attachment; filename="${file}.csv"`;
    return c.body(bytesOf(answer.body), 200, { ...headers, "content-type": answer.contentType });
  });

  app.post("/:name", async (c) => {
    const served = await found(c, "POST");
    const signal = AbortSignal.timeout(limits.answerMs);
    const { operation } = served;
    const { beforeSecondFactor } = operation;
    const entered = await enter(parts, c, { signal, beforeSecondFactor });
    // Before the body is read: who may not order this may not send megabytes either.
    if (!entered.caller.permissions.has(operation.permission))
      throw new Failure("access.forbidden", { permission: operation.permission });
    answering.charge(entered);
    const most = operation.permission === "roster" ? limits.rosterBytes : limits.bodyBytes;
    const input = inputOfBody(await readJson(c.req.raw, most), served.members);
    if (served.name === "sync" || served.name === "backfill") return await startSync(c, entered, served, input);
    if (operation.permission === "credentials") probes.take(entered.subject);
    try {
      const output = await inTime(limits.answerMs, () => runOperation(entered.context, operation, input));
      return c.json(output as object);
    } finally {
      answering.revisions.changed(entered.context.scope);
    }
  });

  app.all("/:name", async (c) => {
    const served = await servedOperation(c.req.param("name"));
    if (served === null) throw new Failure("api.unknown_path");
    throw notAnswered(c, served);
  });
  return app;

  /** A sync runs in a process of its own; whoever ordered it follows it by `/api/v1/events`. */
  async function startSync(
    c: ApiContext,
    { tenant, context }: Entered,
    served: Served,
    input: Record<string, unknown>,
  ): Promise<Response> {
    const order = served.operation.input.safeParse(input);
    if (!order.success) {
      const [issue] = order.error.issues;
      throw new Failure("input.invalid", {
        field: issue?.path.join(".") || "input",
        problem: issue?.message ?? "cannot be read",
        remedy: "Correct it and try again.",
      });
    }
    const what = served.name === "sync" ? "sync" : "backfill";
    // Read by the operation's own schema just now.
    const asked = order.data as { readonly connection?: string };
    // The process that syncs could tell it to nobody but its log.
    if (asked.connection !== undefined) await requireConnection(context, asked.connection);
    const { run, isNew } = syncs.start(tenant.name, { what, ...asked });
    return c.json({ run, isNew }, 202);
  }
}

async function requireConnection({ store, scope }: OperationContext, name: string): Promise<void> {
  const found = await store.read((tx) => findConnection(tx, scope, name));
  if (found === null) throw new Failure("store.unknown_connection", { name });
}

/** Nobody would read the stream, and what it holds open would stay open. @throws Failure `api.method` */
function refuseHead(c: ApiContext): void {
  if (c.req.method !== "HEAD") return;
  c.header("allow", "GET");
  throw new Failure("api.method", { method: "HEAD", allowed: "GET" });
}

const VARY = "accept, authorization, cookie, x-bursar-tenant";

/** @throws Failure `api.unknown_path`, `api.method` */
async function found(c: ApiContext, method: "GET" | "POST"): Promise<Served> {
  const served = await servedOperation(c.req.param("name") ?? "");
  if (served === null) throw new Failure("api.unknown_path");
  if (served.method !== method) throw notAnswered(c, served);
  return served;
}

function notAnswered(c: ApiContext, { method }: Served): Failure {
  const allowed = method === "GET" ? "GET, HEAD" : method;
  c.header("allow", allowed);
  return new Failure("api.method", { method: c.req.method, allowed });
}

/** @throws Failure `input.invalid` naming the member. */
function question(c: ApiContext, served: Served): { input: Record<string, unknown>; wanted: Wanted } {
  const query = new URL(c.req.url).searchParams;
  const form = formOf(query.get("format"), c.req.header("accept") ?? "");
  const wanted: Wanted = {
    form,
    limit: served.isPaged ? query.get("limit") : null,
    cursor: served.isPaged ? query.get("cursor") : null,
  };
  const own = ABOUT_THE_ANSWER.filter((name) => name in served.members);
  for (const name of ABOUT_THE_ANSWER) {
    const isPart = name === "limit" || name === "cursor";
    if (!own.includes(name) && (!isPart || served.isPaged)) query.delete(name);
  }
  return { input: inputOfQuery(query, served.members), wanted };
}

function formOf(format: string | null, accept: string): "json" | "csv" {
  if (format === "csv" || format === "json") return format;
  if (format !== null)
    throw new Failure("input.unknown_value", { field: "format", value: format, choices: "json, csv" });
  const kinds = accept.split(",").map((kind) => kind.split(";", 1)[0]?.trim().toLowerCase());
  const csv = kinds.indexOf("text/csv");
  const json = kinds.indexOf("application/json");
  return csv !== -1 && (json === -1 || csv < json) ? "csv" : "json";
}

/** @throws Failure `api.timeout`; what was begun goes on, and is kept when it ends. */
async function inTime<T>(ms: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failure("api.timeout", { seconds: Math.round(ms / 1000) })), ms);
  });
  const working = work();
  working.catch(() => {});
  try {
    return await Promise.race([working, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A Buffer may be a window on a larger memory; what is sent is exactly it. */
function bytesOf(body: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.byteLength);
}
