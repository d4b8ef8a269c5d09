import { isIP } from "node:net";

import type { ApiContext } from "./env.ts";
import type { ServerSettings } from "./server-settings.ts";

/**
 * The address of whoever asks: the socket's, or what the nearest trusted proxy says of it. What a client itself writes
 * into `x-forwarded-for` stands before that and counts for nothing.
 */
export function clientAddress(c: ApiContext, { trustedProxies }: Pick<ServerSettings, "trustedProxies">): string {
  const peer = plain(socketAddress(c));
  if (!trustedProxies.includes(peer)) return peer;
  const hops = (c.req.header("x-forwarded-for") ?? "").split(",").map((hop) => plain(hop.trim()));
  for (const hop of hops.toReversed()) {
    if (isIP(hop) === 0) return peer;
    if (!trustedProxies.includes(hop)) return hop;
  }
  return peer;
}

/** Whether the socket's other end is this machine, whatever a header says. */
export function isLoopback(c: ApiContext): boolean {
  const peer = plain(socketAddress(c));
  return peer === "::1" || peer === "local" || peer.startsWith("127.");
}

/** A request that came over no socket is of this process. */
function socketAddress(c: ApiContext): string {
  return c.env?.incoming?.socket.remoteAddress ?? "local";
}

function plain(address: string): string {
  return address.replace(/^::ffff:/, "");
}
