import { Hono } from "hono";

import { Failure } from "../domain/index.ts";
import { enter } from "./authenticate.ts";
import type { ApiEnv } from "./env.ts";
import { OpenLimiter } from "./limiter.ts";
import type { ApiParts } from "./parts.ts";
import type { SyncEvent } from "./syncs.ts";

const HEARTBEAT_MS = 15_000;

/** `/api/v1/events`: how the syncs of a tenant go, as server-sent events, until the reader or the server ends. */
export function eventRoutes(parts: ApiParts): Hono<ApiEnv> {
  const { settings, syncs, signal } = parts;
  const open = new OpenLimiter(settings.limits.streamsAtOnce, "event streams");
  const app = new Hono<ApiEnv>();
  app.get("/events", async (c) => {
    const { caller, tenant, subject } = await enter(parts, c);
    if (!caller.permissions.has("read")) throw new Failure("access.forbidden", { permission: "read" });
    const leave = open.enter(subject);
    let end = () => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const encoder = new TextEncoder();
        const send = (text: string) => controller.enqueue(encoder.encode(text));
        const tell = ({ event, run }: SyncEvent) => send(`event: ${event}\ndata: ${JSON.stringify(run)}\n\n`);
        const unsubscribe = syncs.subscribe(tenant.name, tell);
        const beat = setInterval(() => send(": still here\n\n"), HEARTBEAT_MS);
        end = () => {
          clearInterval(beat);
          unsubscribe();
          signal.removeEventListener("abort", close);
          leave();
        };
        const close = () => {
          end();
          controller.close();
        };
        // A reader that was away learns first how it stands, then what follows.
        send(`retry: 3000\n\n`);
        const latest = syncs.latest(tenant.name);
        if (latest !== null) tell({ event: latest.endedAt === null ? "progress" : "ended", run: latest });
        if (signal.aborted) close();
        else signal.addEventListener("abort", close, { once: true });
      },
      cancel: () => end(),
    });
    return new Response(body, {
      headers: { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" },
    });
  });
  app.all("/events", (c) => {
    c.header("allow", "GET, HEAD");
    throw new Failure("api.method", { method: c.req.method, allowed: "GET, HEAD" });
  });
  return app;
}
