import { BlockList, isIP } from "node:net";

/** Whether the address is this machine itself. `URL` has already spelt numbers and zeros of an IP address one way. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * Whether an IP address is one of the public internet: what somebody else names must not become a way to ask our own
 * network. One that holds an address of the older kind is not, since that may be private. Ranges by the special-purpose
 * registries of IANA (RFC 6890).
 */
export function isPublicAddress(address: string): boolean {
  // A name behind % says on which network card, and is no part of the address.
  const plain = address.replace(/%.*$/, "");
  const family = isIP(plain);
  if (family === 4) return !NOT_PUBLIC.check(plain, "ipv4");
  return family === 6 && GLOBAL_UNICAST.check(plain, "ipv6") && !NOT_PUBLIC.check(plain, "ipv6");
}

/** Of the world's addresses those that lead somewhere else: to this machine, to a network around it, to nowhere. */
const NOT_PUBLIC = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  NOT_PUBLIC.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
] as const) {
  NOT_PUBLIC.addSubnet(network, prefix, "ipv6");
}

/** Of IPv6 only this part is given out to the public; addresses that hold one of IPv4 stand outside of it. */
const GLOBAL_UNICAST = new BlockList();
GLOBAL_UNICAST.addSubnet("2000::", 3, "ipv6");
