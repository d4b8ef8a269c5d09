import { isIP } from "node:net";

import type { MiddlewareHandler } from "hono";

import { Failure } from "../domain/index.ts";
import type { ApiEnv } from "./env.ts";
import { mountAt, type Mount } from "./mount.ts";
import type { ServerSettings } from "./server-settings.ts";

const LOOPBACK = ["127.0.0.1", "localhost", "::1"];
const EVERYWHERE = ["0.0.0.0", "::"];
const PLAIN_METHODS = ["GET", "HEAD"];

/**
 * Refuses what no client of ours sends: another host's name (a foreign page that points its name here must not read
 * answers), an order from a foreign page, a body that a form could send, an endless address.
 */
export function gate(settings: ServerSettings, mounts: readonly Mount[] = []): MiddlewareHandler<ApiEnv> {
  const isServed = hostRule(settings);
  const { addressLength } = settings.limits;
  return async (c, next) => {
    const { method } = c.req;
    const host = c.req.header("host") ?? new URL(c.req.url).host;
    if (!isServed(host)) throw new Failure("api.host_unknown");
    if (c.req.url.length > addressLength) throw new Failure("api.address_too_long", { most: addressLength });
    const isOrder = !PLAIN_METHODS.includes(method);
    const mount = mountAt(mounts, c.req.path);
    if (isOrder || mount?.refusesForeignPages === true)
      refuseForeign(c.req.header("origin"), c.req.header("sec-fetch-site"), ownOrigins(settings, host));
    if (isOrder && mount?.takesForms?.includes(c.req.path) !== true) refuseForms(c.req.raw);
    return next();
  };
}

/** Names of this machine, of the public address, and where we listen. An address cannot be pointed elsewhere by name. */
function hostRule({ listenHost, publicUrl }: ServerSettings): (host: string) => boolean {
  const names = new Set([...LOOPBACK, listenHost.toLowerCase(), ...(publicUrl === null ? [] : [bare(publicUrl.host)])]);
  const isEverywhere = EVERYWHERE.includes(listenHost);
  return (host) => {
    if (!/^[A-Za-z0-9.:[\]-]{1,255}$/.test(host)) return false;
    const name = bare(host);
    return names.has(name) || (isEverywhere && isIP(name) !== 0);
  };
}

/** Without port and brackets. */
function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1");
}

function ownOrigins({ publicUrl }: ServerSettings, host: string): Set<string> {
  return new Set([`http://${host.toLowerCase()}`, ...(publicUrl === null ? [] : [publicUrl.origin])]);
}

/** A browser says where an order comes from; a program says nothing. */
function refuseForeign(origin: string | undefined, site: string | undefined, own: ReadonlySet<string>): void {
  if (origin !== undefined && !own.has(origin.toLowerCase())) throw new Failure("api.origin_refused");
  if (site !== undefined && site !== "same-origin" && site !== "none") throw new Failure("api.origin_refused");
}

/** JSON alone: a page of another origin cannot send it without asking first, and is never answered. */
function refuseForms(request: Request): void {
  const type = request.headers.get("content-type");
  if (type === null && !hasBody(request)) return;
  if (!/^application\/json\s*(;|$)/i.test(type ?? "")) throw new Failure("api.not_json");
}

function hasBody({ headers }: Request): boolean {
  return headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) > 0;
}
