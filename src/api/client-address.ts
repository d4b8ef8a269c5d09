import { isIP } from "node:net";

import type { ApiContext } from "./env.ts";
import type { ServerSettings } from "./server-settings.ts";

/**
 * The address of whoever asks: the socket's, or what the nearest trusted proxy says of it. What a client itself writes
 * into `x-forwarded-for` stands before that and counts for nothing.
 */
export function clientAddress(c: ApiContext, settings: Pick<ServerSettings, "trustedProxies">): string {
  return networkOf(addressOf(c, settings));
}

/** Of an IPv6 address its /64: whoever has one has them all, and would never be the same twice. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.replace(/%.*$/, "").toLowerCase().split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const [first, last] = [groups(head), groups(tail ?? "")];
  // A dotted end stands for two groups.
  const dotted = [...first, ...last].some((group) => group.includes(".")) ? 1 : 0;
  const missing = tail === undefined ? 0 : 8 - dotted - first.length - last.length;
  const whole = [...first, ...Array.from({ length: missing }, () => "0"), ...last];
  return `${whole
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}

function addressOf(c: ApiContext, { trustedProxies }: Pick<ServerSettings, "trustedProxies">): string {
  const peer = plain(socketAddress(c));
  if (!trustedProxies.includes(peer)) return peer;
  const hops = (c.req.header("x-forwarded-for") ?? "").split(",").map((hop) => plain(hop.trim()));
  for (const hop of hops.toReversed()) {
    if (isIP(hop) === 0) return peer;
    if (!trustedProxies.includes(hop)) return hop;
  }
  return peer;
}

/** Whether somebody on this machine asks: at the socket's other end, and not a proxy there for somebody else. */
export function isLoopback(c: ApiContext): boolean {
  if (FORWARDED.some((name) => c.req.header(name) !== undefined)) return false;
  const peer = plain(socketAddress(c));
  return peer === "::1" || peer === "local" || peer.startsWith("127.");
}

const FORWARDED = ["x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via"];

/** A request that came over no socket is of this process. */
function socketAddress(c: ApiContext): string {
  return c.env?.incoming?.socket.remoteAddress ?? "local";
}

function plain(address: string): string {
  return address.replace(/^::ffff:/, "");
}
