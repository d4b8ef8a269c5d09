import { Hono } from "hono";
import type { Registry } from "prom-client";

import type { Caller } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import { listTenants } from "../../store/index.ts";
import type { AnswerCache } from "../../operations/index.ts";
import { entered, signedIn, type Entered } from "../authenticate.ts";
import { isLoopback } from "../client-address.ts";
import type { ApiContext, ApiEnv } from "../env.ts";
import type { ApiParts } from "../parts.ts";
import type { Revisions } from "../revision.ts";
import { GAUGES, type GaugeName, type Sample } from "./gauges.ts";
import type { RequestCounts } from "./request-counts.ts";
import { figureSamples, stateSamples } from "./tenant-samples.ts";

/** Gauges whose names end like a counter's; `promtool` refuses them. */
const MISNAMED = [
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
  "nodejs_active_resources_total",
] as const;

export interface Watched {
  readonly cache: AnswerCache;
  readonly revisions: Revisions;
  readonly requests: RequestCounts;
}

/** `/metrics` in the text format of Prometheus. */
export function metricsRoutes(parts: ApiParts, watched: Watched): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const figures = new Map<number, { readonly key: string; readonly samples: Promise<Sample[]> }>();
  let exposition: Promise<Exposition> | undefined;

  app.get("/metrics", async (c) => {
    const tenants = await readable(parts, c);
    const { registry, set } = await (exposition ??= createExposition());
    const samples: Sample[] = [
      { name: "bursar_build_info", labels: { version: parts.version }, value: 1 },
      { name: "bursar_answer_cache_bytes", labels: {}, value: watched.cache.bytes },
    ];
    for (const one of tenants) samples.push(...(await samplesOf(one)));
    set(samples, watched.requests);
    return c.body(await registry.metrics(), 200, { "content-type": registry.contentType });
  });
  return app;

  async function samplesOf({ context, tenant }: Entered): Promise<Sample[]> {
    const running = parts.syncs.latest(tenant.name)?.endedAt === null ? 1 : 0;
    const state = await stateSamples(context);
    return [
      { name: "bursar_sync_running", labels: { tenant: tenant.name }, value: running },
      ...state,
      ...(await figuresOf({ context, tenant })),
    ];
  }

  /** As long as the record and the day stand, so do the figures: a scrape every few seconds must cost nothing. */
  function figuresOf({ context, tenant }: Pick<Entered, "context" | "tenant">): Promise<Sample[]> {
    const of = async () => {
      const key = `${(await watched.revisions.of(context.scope)).now} ${context.scope.privacy.mode}`;
      const before = figures.get(tenant.tenantId);
      if (before?.key === key) return before.samples;
      const samples = figureSamples(context);
      figures.set(tenant.tenantId, { key, samples });
      samples.catch(() => figures.delete(tenant.tenantId));
      return samples;
    };
    return of();
  }
}

/** The tenants whose figures a request may see. @throws Failure `access.*` */
async function readable(parts: ApiParts, c: ApiContext): Promise<Entered[]> {
  const { settings, store } = parts;
  if (settings.metrics === "loopback" && isLoopback(c) && c.req.header("authorization") === undefined) {
    const tenants = await store.read((tx) => listTenants(tx));
    return Promise.all(tenants.map((tenant) => entered(parts, tenant, SCRAPER)));
  }
  const signed = await signedIn(parts, c);
  const allowed = signed.tenants.filter(({ caller }) => caller.permissions.has("read"));
  if (allowed.length === 0) throw new Failure("access.forbidden", { permission: "read" });
  return Promise.all(allowed.map((tenant) => entered(parts, tenant, tenant.caller)));
}

/** Whoever reads gauges on this machine without a token. */
const SCRAPER: Caller = {
  kind: "operator",
  id: "metrics",
  name: "metrics",
  role: null,
  permissions: new Set(["read"]),
  personId: null,
};

interface Exposition {
  readonly registry: Registry;
  /** Replaces every sample of ours. */
  readonly set: (samples: readonly Sample[], requests: RequestCounts) => void;
}

/** Made at the first scrape: a server that nobody scrapes loads and measures nothing. */
async function createExposition(): Promise<Exposition> {
  const { collectDefaultMetrics, Counter, Gauge, Registry } = await import("prom-client");
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const gauges = new Map(
    Object.entries(GAUGES).map(([name, [help, labelNames]]) => [
      name as GaugeName,
      new Gauge<string>({ name, help, labelNames: [...labelNames], registers }),
    ]),
  );
  const labelNames = ["method", "status"];
  const count = new Counter({ name: "bursar_http_requests_total", help: "Requests answered.", labelNames, registers });
  const seconds = new Counter({
    name: "bursar_http_request_seconds_total",
    help: "Time from a request to its answer, summed.",
    labelNames,
    registers,
  });
  return {
    registry,
    set(samples, requests) {
      for (const gauge of gauges.values()) gauge.reset();
      for (const { name, labels, value } of samples) gauges.get(name)?.set({ ...labels }, value);
      count.reset();
      seconds.reset();
      for (const { method, status, ...answered } of requests.all()) {
        count.inc({ method, status }, answered.count);
        seconds.inc({ method, status }, answered.seconds);
      }
    },
  };
}
