import { createHash } from "node:crypto";

import { Failure, silentLog, type Clock, type Log, type Random } from "../domain/index.ts";
import { mayAskAgain, readAnswer, requestIdOf } from "./answer-failure.ts";
import { MOST_TRIES, untilMs, waitBefore } from "./backoff.ts";
import { createPace, type Pace, type Surface } from "./pace.ts";
import type { Answer, TransportOptions } from "./exchange.ts";
import { openTransport } from "./transport.ts";
import type { Page, SourceClient, UpstreamRequest } from "./types.ts";
import { parseUpstream } from "./upstream.ts";

/**
 * The older of the two versions, on purpose. Only under it do API keys carry `workspace_id` and rate limits
 * `group_type`, which recorded bodies have had all along; everything newer is sent under both, and the reports do not
 * differ.
 */
export const VERSION = "2023-06-01";

export interface ClientOptions {
  /** Where requests go; `parseUpstream` checks it. */
  readonly upstream: string;
  /** Opens the sealed key; asked once for each request, and its answer is kept nowhere. */
  readonly openKey: () => string | Promise<string>;
  readonly fingerprint: string;
  /** One for each organization, so that its connections share the limits; an own one where none is given. */
  readonly pace?: Pace;
  readonly clock: Clock;
  readonly random: Random;
  /** `Product/1.0.0 (https://product.example)`, the form that Anthropic asks integrations for. */
  readonly userAgent?: string;
  readonly log?: Log;
  readonly transport?: Omit<TransportOptions, "upstream">;
}

/**
 * The reading client of one connection. Close it to free its sockets.
 *
 * @throws Failure `source.upstream_refused`
 */
export function createClient(options: ClientOptions): SourceClient & { close(): Promise<void> } {
  const { openKey, clock, random, log = silentLog, userAgent = "Bursar" } = options;
  const pace = options.pace ?? createPace(clock);
  const transport = openTransport({ ...options.transport, upstream: parseUpstream(options.upstream) });
  return {
    fingerprint: options.fingerprint,
    load: () => pace.load(),
    close: () => transport.close(),
    async get(request, signal) {
      const surface = surfaceOf(request.path);
      for (let tries = 1; ; tries++) {
        await pace.enter(surface, signal);
        const { answer, outcome } = await attempt(request, surface, signal);
        if (!(outcome instanceof Failure)) return outcome;
        if (tries >= MOST_TRIES || !mayAskAgain(outcome, answer)) throw outcome;
        const now = (answer && dateOf(answer)) ?? clock.now();
        const wait = waitBefore(tries, answer?.headers ?? {}, now, () => random.fraction());
        // Too many requests concern everybody; any other fault only the one who met it.
        if (answer?.status === 429) pace.pause(wait);
        else await clock.sleep(wait, signal);
      }
    },
  };

  /** One try. A place in the pace has been taken, and is given back whatever happens. */
  async function attempt(
    request: UpstreamRequest,
    surface: Surface,
    signal: AbortSignal | undefined,
  ): Promise<{ answer: Answer | null; outcome: Page | Failure }> {
    const startedAt = clock.now();
    let answer: Answer | null = null;
    let outcome: Page | Failure;
    let hasLeft = false;
    const leave = (): void => {
      if (!hasLeft) pace.leave(surface, answer ? budgetOf(answer, dateOf(answer) ?? clock.now()) : undefined);
      hasLeft = true;
    };
    try {
      const headers = {
        "x-api-key": await openKey(),
        "anthropic-version": VERSION,
        "user-agent": userAgent,
        accept: "application/json",
        ...(request.beta !== undefined && { "anthropic-beta": request.beta }),
      };
      answer = await transport.send("GET", targetOf(request), headers, signal);
      if (answer.status === 200) {
        // Whoever waits for the place asks before this page is read. After any other answer there may be a pause first.
        leave();
        await new Promise((resolve) => setImmediate(resolve));
      }
      outcome = pageOf(answer, request);
    } catch (thrown) {
      if (!(thrown instanceof Failure) || !thrown.code.startsWith("source.")) throw thrown;
      outcome = thrown;
    } finally {
      leave();
    }
    log("debug", "upstream.request", {
      method: "GET",
      path: request.path,
      status: answer?.status ?? null,
      requestId: answer && requestIdOf(answer),
      ms: clock.now() - startedAt,
      ...(outcome instanceof Failure && { failure: outcome.code }),
    });
    return { answer, outcome };
  }

  function pageOf(answer: Answer, request: UpstreamRequest): Page {
    const now = dateOf(answer) ?? clock.now();
    const body = readAnswer({ answer, request, host: transport.host, now });
    const contentType = answer.headers["content-type"] ?? "none";
    return {
      body,
      facts: {
        path: request.path,
        query: queryOf(request),
        status: answer.status,
        requestId: requestIdOf(answer),
        organizationId: answer.headers["anthropic-organization-id"] ?? null,
        date: dateOf(answer),
        bytes: answer.body.length,
        bodySha256: createHash("sha256").update(answer.body).digest("hex"),
      },
      notes: /^application\/json\b/i.test(contentType) ? [] : [`content-type ${contentType.slice(0, 80)}, yet JSON`],
    };
  }
}

/** The query as sent: names and values percent-encoded, brackets too. */
export function queryOf(request: UpstreamRequest): string {
  return request.query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
}

function targetOf(request: UpstreamRequest): string {
  const query = queryOf(request);
  return query === "" ? request.path : `${request.path}?${query}`;
}

/** Which of the server's budgets a request is taken from. */
function surfaceOf(path: string): Surface {
  if (path.startsWith("/v1/compliance/")) return "compliance";
  return path.startsWith("/v1/organizations/analytics/") ? "analytics" : "admin";
}

/** What an answer says about the budget that it was taken from. */
export function budgetOf({ headers }: Answer, now: number) {
  const remaining = headers["anthropic-ratelimit-requests-remaining"];
  return {
    remaining: remaining !== undefined && /^\d{1,9}$/.test(remaining) ? Number(remaining) : null,
    resetMs: untilMs(headers["anthropic-ratelimit-requests-reset"], now),
  };
}

/** Upstream's clock, ms. */
export function dateOf({ headers }: Answer): number | null {
  const ms = headers["date"] === undefined ? Number.NaN : Date.parse(headers["date"]);
  return Number.isNaN(ms) ? null : ms;
}
