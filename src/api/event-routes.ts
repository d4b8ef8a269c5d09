import { Hono } from "hono";

import { Failure } from "../domain/index.ts";
import { enter } from "./authenticate.ts";
import type { ApiContext, ApiEnv } from "./env.ts";
import { OpenLimiter } from "./limiter.ts";
import type { ApiParts } from "./parts.ts";
import type { SyncEvent } from "../operations/index.ts";

/** `/api/v1/events`: how the syncs of a tenant go, as server-sent events, until the reader or the server ends. */
export function eventRoutes(parts: ApiParts): Hono<ApiEnv> {
  const { settings, syncs, signal } = parts;
  const open = new OpenLimiter(settings.limits.streamsAtOnce, "event streams");
  const app = new Hono<ApiEnv>();
  app.get("/events", async (c) => {
    // Nobody would read the stream, and it would stay open.
    if (c.req.method === "HEAD") throw notAnswered(c);
    const { caller, tenant, subject } = await enter(parts, c);
    if (!caller.permissions.has("read")) throw new Failure("access.forbidden", { permission: "read" });
    const leave = open.enter(subject);
    let end = () => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const encoder = new TextEncoder();
        let isOpen = true;
        const send = (text: string) => isOpen && controller.enqueue(encoder.encode(text));
        const tell = ({ event, run }: SyncEvent) => send(`event: ${event}\ndata: ${JSON.stringify(run)}\n\n`);
        const unsubscribe = syncs.subscribe(tenant.name, tell);
        const beat = setInterval(() => {
          mayStay(parts, c.req.raw, tenant.tenantId).then(
            (stays) => (stays ? send(": still here\n\n") : close()),
            () => close(),
          );
        }, settings.limits.heartbeatMs);
        end = () => {
          isOpen = false;
          clearInterval(beat);
          unsubscribe();
          signal.removeEventListener("abort", close);
          leave();
        };
        const close = () => {
          if (!isOpen) return;
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
    throw notAnswered(c);
  });
  return app;
}

function notAnswered(c: ApiContext): Failure {
  c.header("allow", "GET");
  return new Failure("api.method", { method: c.req.method, allowed: "GET" });
}

/** Whether the session or the token that opened the stream still lets its owner read here. */
async function mayStay({ auth }: ApiParts, request: Request, tenantId: number): Promise<boolean> {
  const signed = await auth.holds(request);
  const entrance = signed?.tenants.find((one) => one.tenantId === tenantId);
  return entrance?.caller.permissions.has("read") === true;
}
