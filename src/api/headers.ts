import type { MiddlewareHandler } from "hono";

import type { ApiEnv } from "./env.ts";
import type { ServerSettings } from "./server-settings.ts";

/** Nothing but our own files, nothing inline, in nobody's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  // Follows from the first line; those who read policies want it said.
  "object-src 'none'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "permissions-policy": "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "x-frame-options": "DENY",
};

const YEAR_SECONDS = 31_536_000;

/** What every answer says to a browser. Nothing is kept by it unless the answer itself says so. */
export function securityHeaders({ publicUrl }: ServerSettings): MiddlewareHandler<ApiEnv> {
  const headers = {
    ...HEADERS,
    ...(publicUrl?.protocol === "https:" ? { "strict-transport-security": `max-age=${YEAR_SECONDS}` } : {}),
  };
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
  };
}
