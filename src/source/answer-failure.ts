import {
  DAY_MS,
  dayOfInstant,
  dayText,
  Failure,
  isJsonObject,
  monthStart,
  type Json,
  type JsonObject,
} from "../domain/index.ts";
import { readJson } from "./json.ts";
import { JsonUnreadable } from "./json-value.ts";
import { retryAfterMs, untilMs } from "./backoff.ts";
import type { Answer } from "./exchange.ts";
import type { UpstreamRequest } from "./types.ts";

/** An answer with all that a failure needs to tell of it. */
export interface Received {
  readonly answer: Answer;
  readonly request: UpstreamRequest;
  readonly host: string;
  /** Upstream's clock, ms. */
  readonly now: number;
}

const SPEND_LIMIT_CODES = new Set(["enforced_spend_limit_reached", "contract_spend_limit_reached"]);

/** Statuses of the error types, for an error that comes with status 200. */
const STATUS_OF: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** Reads an answer that should be an object of the API. @throws Failure when it is not. */
export function readAnswer(received: Received): JsonObject {
  const { answer, request, host } = received;
  const endpoint = request.path;
  const { status, body } = answer;
  if (status >= 300 && status < 400) {
    throw new Failure("source.redirected", { host, target: redirectHost(answer.headers["location"]) });
  }
  if (status >= 400) throw refusal(received, status, errorOf(body));
  if (body.length === 0) throw new Failure("source.empty_body", { endpoint, status });
  if (status !== 200 || looksLikePage(answer)) throw notTheApi(received);
  const requestId = requestIdOf(answer);
  let value: Json;
  try {
    value = readJson(body);
  } catch (cause) {
    if (!(cause instanceof JsonUnreadable)) throw cause;
    if (cause.kind === "broken")
      throw new Failure("source.body_broken", { endpoint, problem: cause.message }, { cause });
    throw new Failure("source.body_unreadable", { endpoint, problem: cause.message, requestId }, { cause });
  }
  if (!isJsonObject(value)) {
    throw new Failure("source.body_unreadable", { endpoint, problem: "no object at its top", requestId });
  }
  // Some proxies turn every status into 200.
  if (value["type"] === "error" && isJsonObject(value["error"])) {
    const type = value["error"]["type"];
    throw refusal(received, (typeof type === "string" ? STATUS_OF[type] : undefined) ?? 500, value);
  }
  return value;
}

/** Whether the same request may succeed later: by the server's word, else by its status. */
export function mayAskAgain(failure: Failure, answer: Answer | null): boolean {
  const word = answer?.headers["x-should-retry"];
  if (answer !== null && answer.status >= 400 && word === "false") return false;
  if (failure.code === "source.bad_request" && word === "true") return true;
  return failure.retry;
}

export function requestIdOf(answer: Answer): string | null {
  return answer.headers["request-id"] ?? null;
}

/** What a status of 400 and above means. */
function refusal(received: Received, status: number, error: JsonObject | null): Failure {
  const { answer, request, host, now } = received;
  const endpoint = request.path;
  if (error === null && status < 500 && looksLikePage(answer)) return notTheApi(received);
  const inner = error !== null && isJsonObject(error["error"]) ? error["error"] : {};
  const message = textOf(inner["message"]) ?? `HTTP ${status} without an explanation`;
  const requestId = requestIdOf(answer) ?? textOf(error?.["request_id"]) ?? "unknown";
  const errorCode = isJsonObject(inner["details"]) ? textOf(inner["details"]["error_code"]) : null;
  const type = textOf(inner["type"]);
  const facts = { endpoint, host, status, message: quoted(message), requestId, type, code: errorCode };
  const isSpendLimit =
    (errorCode !== null && SPEND_LIMIT_CODES.has(errorCode)) ||
    (status === 429 && /\bspend(ing)? limit|\busage limits\b/i.test(message));
  if (isSpendLimit) return new Failure("source.spend_limit", { ...facts, until: spendLimitEnds(answer, message, now) });
  switch (status) {
    case 401:
      return new Failure("source.credential_refused", facts);
    case 402:
      return new Failure("source.billing", facts);
    case 403:
      return new Failure("source.not_permitted", facts);
    case 404:
      return new Failure("source.not_found", facts);
    case 429:
      return new Failure("source.rate_limited", facts);
    case 408:
    case 409:
      return new Failure("source.unavailable", facts);
  }
  if (status >= 500) return new Failure("source.unavailable", facts);
  return new Failure(isPageRefused(request, status, message) ? "source.page_expired" : "source.bad_request", facts);
}

/** A page token or list cursor that upstream no longer knows. The wording is not documented, so any of these count. */
function isPageRefused(request: UpstreamRequest, status: number, message: string): boolean {
  const hasCursor = request.query.some(([name]) => name === "page" || name === "after_id");
  return (
    hasCursor &&
    status === 400 &&
    /\b(page|page_token|token|cursor|after_id)\b/i.test(message) &&
    /expired?|invalid|not valid|no longer|unknown|unrecognized|not found|does not match|malformed/i.test(message)
  );
}

/** Spend limits are monthly and end with the UTC month, unless the answer says when. */
function spendLimitEnds(answer: Answer, message: string, now: number): string {
  const named = /\b\d{4}-\d{2}-\d{2}\b/.exec(message)?.[0];
  if (named !== undefined) return `on ${named} UTC`;
  const after = retryAfterMs(answer.headers, now) ?? untilMs(answer.headers["anthropic-ratelimit-requests-reset"], now);
  if (after !== null && after > 0) return `at ${new Date(now + Math.min(after, 366 * DAY_MS)).toISOString()}`;
  // 31 days after the first is always in the next month.
  return `with the month, on ${dayText(monthStart(monthStart(dayOfInstant(now)) + 31))} UTC`;
}

function notTheApi({ answer, host }: Received): Failure {
  const text = answer.body.subarray(0, 4096).toString("utf8");
  const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1];
  const excerpt = (title ?? text.replace(/<[^>]*>/g, " ")).replace(/\s+/g, " ").trim().slice(0, 120);
  return new Failure("source.not_the_api", { host, excerpt: quoted(excerpt), status: answer.status });
}

function looksLikePage({ headers, body }: Answer): boolean {
  if (/\bhtml\b/i.test(headers["content-type"] ?? "") && !/^\s*[[{]/.test(start(body))) return true;
  return /^\s*</.test(start(body));
}

function start(body: Buffer): string {
  return body
    .subarray(0, 200)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

/** The error envelope, read leniently: it is shown, not stored. */
function errorOf(body: Buffer): JsonObject | null {
  if (body.length === 0 || body.length > 1_000_000) return null;
  try {
    const value = JSON.parse(body.toString("utf8")) as Json;
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Another host's name and nothing else: a location may carry tokens. */
function redirectHost(location: string | undefined): string {
  if (location === undefined) return "nowhere";
  return URL.canParse(location) ? new URL(location).host : "another path";
}

/** Upstream's words stand in quotes, and never with a key in them. */
function quoted(text: string): string {
  return JSON.stringify(text.replace(/sk-ant-[A-Za-z0-9_-]+/g, "[sealed]").slice(0, 240));
}

function textOf(value: Json | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
