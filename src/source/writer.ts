import { Failure, isFailure, silentLog, type JsonObject } from "../domain/index.ts";
import { readAnswer, requestIdOf } from "./answer-failure.ts";
import { retryAfterMs, untilMs } from "./backoff.ts";
import { budgetOf, dateOf, VERSION, type ClientOptions } from "./client.ts";
import { openExchange, type Answer } from "./exchange.ts";
import { createPace } from "./pace.ts";
import { wasNeverSent } from "./transport-failure.ts";
import { parseUpstream } from "./upstream.ts";

/** One change, as it is sent. */
export interface WriteRequest {
  readonly method: "POST" | "DELETE";
  readonly path: string;
  readonly body: JsonObject | null;
}

/**
 * What became of a change that was sent once.
 *
 * - `done`: answered, with the object as it now is
 * - `refused`: answered, and nothing was changed
 * - `not_sent`: nothing was changed, because nothing arrived: no connection, or "too many requests" to the end
 * - `unknown`: sent, and no readable answer came: it may have happened or not
 */
export type WriteOutcome =
  | { readonly kind: "done"; readonly status: number; readonly body: JsonObject; readonly requestId: string | null }
  | (Told & { readonly kind: "refused" })
  | (Told & { readonly kind: "not_sent" })
  | (Told & { readonly kind: "unknown" });

interface Told {
  readonly failure: Failure;
  readonly status: number | null;
  /** `error.details.error_code`, else `error.type`, as upstream has them. */
  readonly code: string | null;
  readonly requestId: string | null;
}

/** The only way to change anything at Anthropic. Exists only where writing is on. */
export interface SourceWriter {
  /**
   * Sends one change. It is sent again only after an answer that says that nothing was done with it (429, with a time
   * to wait): anything else could do it twice.
   *
   * @param signal stops it until it is on its way; from then on its outcome is awaited.
   * @throws Failure `vault.*`, `app.config`, before anything is sent
   */
  send(request: WriteRequest, signal?: AbortSignal): Promise<WriteOutcome>;
}

const MOST_TRIES = 3;
/** Whoever ordered it waits for the outcome: longer than this they are told to come back. */
const LONGEST_WAIT_MS = 15_000;

/**
 * The writing client of one connection: the reader's rules for addresses and keys, a transport of its own. Close it to
 * free its sockets.
 *
 * @throws Failure `source.upstream_refused`
 */
export function createWriter(options: ClientOptions): SourceWriter & { close(): Promise<void> } {
  const { openKey, clock, log = silentLog, userAgent = "Bursar" } = options;
  const pace = options.pace ?? createPace(clock);
  const upstream = parseUpstream(options.upstream);
  const exchange = openExchange({ ...options.transport, upstream });
  return {
    close: () => exchange.close(),
    async send(request, signal) {
      // What is sent is written here once more, whatever the callers believe.
      if (request.method !== "POST" && request.method !== "DELETE") throw new TypeError("no method that changes");
      for (let tries = 1; ; tries++) {
        const { outcome, waitMs } = await attempt(request, signal);
        if (outcome.kind !== "not_sent" || waitMs === null || tries >= MOST_TRIES) return outcome;
        pace.pause(waitMs);
      }
    },
  };

  /** One try. `waitMs`: after how long the same may be sent again, null: never. */
  async function attempt(
    request: WriteRequest,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly outcome: WriteOutcome; readonly waitMs: number | null }> {
    await pace.enter("admin", signal);
    const startedAt = clock.now();
    let answer: Answer | null = null;
    let outcome: WriteOutcome;
    try {
      const headers = {
        "x-api-key": await openKey(),
        "anthropic-version": VERSION,
        "user-agent": userAgent,
        accept: "application/json",
        ...(request.body !== null && { "content-type": "application/json" }),
      };
      const body = request.body === null ? {} : { body: JSON.stringify(request.body) };
      // Without the signal: once it is on its way, going away would only make its outcome unknown.
      answer = await exchange.send({ method: request.method, target: request.path, headers, ...body, fresh: true });
      outcome = outcomeOf(answer, request);
    } catch (thrown) {
      if (!isFailure(thrown) || !thrown.code.startsWith("source.")) throw thrown;
      const kind = wasNeverSent(thrown) ? "not_sent" : "unknown";
      outcome = { kind, failure: thrown, status: null, code: null, requestId: null };
    } finally {
      pace.leave("admin", answer ? budgetOf(answer, dateOf(answer) ?? clock.now()) : undefined);
    }
    log("info", "upstream.change", {
      method: request.method,
      path: request.path,
      status: answer?.status ?? null,
      requestId: answer && requestIdOf(answer),
      ms: clock.now() - startedAt,
      outcome: outcome.kind,
    });
    return { outcome, waitMs: outcome.kind === "not_sent" && answer !== null ? waitOf(answer) : null };
  }

  function outcomeOf(answer: Answer, request: WriteRequest): WriteOutcome {
    const now = dateOf(answer) ?? clock.now();
    // A created object may come with another status of success than the one that is documented.
    const isSuccess = answer.status >= 200 && answer.status < 300;
    const read: Answer = isSuccess ? { ...answer, status: 200 } : answer;
    try {
      const body = readAnswer({ answer: read, request: { path: request.path, query: [] }, host: upstream.host, now });
      return { kind: "done", status: answer.status, body, requestId: requestIdOf(answer) };
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      return told(thrown, answer);
    }
  }

  function waitOf(answer: Answer): number | null {
    const now = dateOf(answer) ?? clock.now();
    const told =
      retryAfterMs(answer.headers, now) ?? untilMs(answer.headers["anthropic-ratelimit-requests-reset"], now);
    return told === null || told > LONGEST_WAIT_MS ? null : told;
  }
}

/** What an answer other than the changed object means for the change. */
function told(failure: Failure, answer: Answer): WriteOutcome {
  const { facts } = failure;
  // Of an error that comes with status 200, the status that its type stands for.
  const status = typeof facts["status"] === "number" ? facts["status"] : answer.status;
  const code = textOf(facts["code"]) ?? textOf(facts["type"]);
  const requestId = requestIdOf(answer);
  if (status === 429) return { kind: "not_sent", failure, status, code, requestId };
  // 408 comes from whoever gave up waiting, who need not be the one that acts. A redirect was answered by no API.
  const isRefused = (status >= 300 && status < 500 && status !== 408) || failure.code === "source.redirected";
  if (!isRefused) return { kind: "unknown", failure, status, code, requestId };
  if (failure.code === "source.redirected" || failure.code === "source.not_the_api")
    return { kind: "refused", failure, status, code, requestId };
  const { message } = facts;
  const refusal = new Failure("source.write_refused", {
    message: message ?? null,
    status,
    code: code ?? "no code",
    requestId: requestId ?? "unknown",
    remedy: (code === null ? undefined : REMEDIES[code]) ?? "Change what it is about, and plan it again.",
  });
  return { kind: "refused", failure: refusal, status, code, requestId };
}

/** What to do next, by upstream's own codes: its wording is not stable. */
const REMEDIES: Readonly<Record<string, string>> = {
  already_member: "They are a member already: change their role instead.",
  invite_already_exists: "There is an open invite for this address: withdraw it first, or wait for them.",
  email_domain_not_allowed: "The organization does not allow this address's domain: see its settings in the Console.",
  cannot_invite_emails_with_unverified_domains: "Verify the domain in the Console first.",
  org_member_limit_exceeded: "The organization has as many members as it may: remove somebody first.",
  cannot_remove_last_member: "The last member stays.",
  org_api_key_limit_exceeded: "The organization has as many active keys as it may: archive one first.",
  workspace_api_key_limit_exceeded: "The workspace has as many active keys as it may: archive one first.",
  workspace_member_limit_exceeded: "The workspace has as many members as it may: remove somebody first.",
  workspace_policy_violation: "The organization's policy for workspaces does not allow it: see the Console.",
  concurrent_membership_change: "Somebody else changed the same just now: plan it again.",
  conflict_error: "Somebody else changed the same just now, or the name is taken: plan it again.",
  spend_limits_admin_api_writes_not_enabled: "Setting spend limits is in early access: ask the account team.",
  authentication_error: "The key of the connection was refused: replace it under Connections.",
  permission_error: "The key of the connection may not do this: a key with more rights can.",
  not_found_error: "What it is about is not there any more: plan it again.",
};

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
