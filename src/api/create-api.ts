import { Hono } from "hono";

import { Failure, isFailure, placeOfBug } from "../domain/index.ts";
import { AnswerCache } from "../operations/index.ts";
import type { Answering } from "./answer-operation.ts";
import { AskedLately } from "./asked-lately.ts";
import { capabilityRoutes } from "./capability-routes.ts";
import { clientAddress } from "./client-address.ts";
import type { ApiContext, ApiEnv } from "./env.ts";
import { eventRoutes } from "./event-routes.ts";
import { gate } from "./gate.ts";
import { securityHeaders } from "./headers.ts";
import { healthRoutes } from "./health-routes.ts";
import { RateLimiter } from "./limiter.ts";
import { operationRoutes } from "./operation-routes.ts";
import { openApiRoutes } from "./openapi/routes.ts";
import { Pages } from "./pages.ts";
import { mountAt } from "./mount.ts";
import type { ApiParts } from "./parts.ts";
import { problemOf, problemResponse } from "./problem.ts";
import { RequestCounts } from "./prometheus/request-counts.ts";
import { metricsRoutes } from "./prometheus/routes.ts";
import { Revisions } from "./revision.ts";
import { serverFactsRoute } from "./server-facts-route.ts";
import { SpareTime } from "./spare-time.ts";

/** What somebody hears who is trying out what is here, besides 401. */
const TRIES: readonly string[] = ["access.setup_needed", "api.unknown_path"];

/** Everything that is answered over HTTP. It needs no socket: `app.request(path)` answers in a test. */
export function createApi(parts: ApiParts): Hono<ApiEnv> {
  const { settings, store, clock, random, log, auth, version, mounts = [] } = parts;
  const { limits } = settings;
  const app = new Hono<ApiEnv>();
  const perCaller = new RateLimiter(limits.requestsPerMinute, "requests", clock);
  const perStranger = new RateLimiter(limits.anonymousPerMinute, "requests without credentials", clock);
  const answering: Answering = {
    cache: new AnswerCache(limits.cacheBytes),
    revisions: new Revisions(store, clock, parts.syncs),
    lately: new AskedLately(parts.syncs),
    spare: new SpareTime(),
    charge: ({ subject }) => perCaller.take(subject),
  };
  const requests = new RequestCounts();
  const pages = new Pages(parts.pages);

  app.use(async (c, next) => {
    const began = clock.now();
    c.set("requestId", `req_${random.bytes(9).toString("base64url")}`);
    c.set("address", clientAddress(c, settings));
    await next();
    c.res.headers.set("x-request-id", c.get("requestId"));
    const { method, path } = c.req;
    const ms = clock.now() - began;
    requests.add(method, c.res.status, ms);
    log("debug", "http.request", {
      method,
      path: loggable(path),
      status: c.res.status,
      requestId: c.get("requestId"),
      ms,
    });
  });
  app.use(securityHeaders(settings));
  app.use(gate(settings, mounts));

  app.route("/", healthRoutes(parts));
  app.route("/auth", auth.app);
  app.route("/api/v1", capabilityRoutes(parts));
  app.route("/api/v1", eventRoutes(parts));
  app.route("/api/v1", serverFactsRoute(parts));
  app.route("/api/v1", operationRoutes(parts, answering));
  app.route("/", openApiRoutes(version));
  app.route("/", metricsRoutes(parts, { ...answering, requests }));
  for (const { path, app: mounted } of mounts)
    app.route(path, mounted({ charge: (subject) => perCaller.take(subject) }));
  app.get("*", async (c) => {
    if (isOurs(c.req.path) || mountAt(mounts, c.req.path) !== undefined) throw new Failure("api.unknown_path");
    const page = await pages.answer(c);
    if (page !== null) return page;
    if (c.req.path === "/") return c.text(`Bursar ${version} keeps syncing. Health: /healthz and /readyz.\n`);
    throw new Failure("api.unknown_path");
  });
  app.notFound((c) => fail(c, new Failure("api.unknown_path")));
  app.onError((thrown, c) => fail(c, thrown));
  return app;

  function fail(c: ApiContext, thrown: unknown): Response {
    let told = thrown;
    // Whoever tries keys or paths without being let in is slowed down by address.
    if (isFailure(thrown) && (thrown.status === 401 || TRIES.includes(thrown.code))) {
      try {
        perStranger.take(c.get("address"));
      } catch (limited) {
        told = limited;
      }
    }
    const mount = mountAt(mounts, c.req.path);
    const answer = isFailure(told) ? mount?.tell?.(c, told) : null;
    if (answer) return answer;
    const problem = problemOf(told, c.get("requestId"));
    if (problem.status >= 500) {
      const { method, path } = c.req;
      const failure = isFailure(told) ? told.code : placeOfBug(told);
      log("error", "http.fault", {
        method,
        path: loggable(path),
        status: problem.status,
        requestId: problem.requestId,
        failure,
      });
    }
    return problemResponse(problem, headersOf(c, told));
  }
}

function headersOf(c: ApiContext, thrown: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  const allow = c.res.headers.get("allow");
  if (allow !== null) headers["allow"] = allow;
  if (!isFailure(thrown)) return headers;
  const { seconds } = thrown.facts;
  if (thrown.status === 429 && typeof seconds === "number") headers["retry-after"] = String(seconds);
  if (thrown.status === 401) headers["www-authenticate"] = 'Bearer realm="bursar"';
  return headers;
}

/** Places that belong to programs: the dashboard's page is no answer there. */
/** No address of ours has so long a part: what somebody pasted there may be what lets them in. */
function loggable(path: string): string {
  return path.replace(/[^/]{32,}/g, "[long]");
}

function isOurs(path: string): boolean {
  return /^\/(api|auth|oauth|\.well-known|metrics|healthz|readyz|problems)(\/|$)/.test(path);
}
