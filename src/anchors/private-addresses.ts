import { BlockList, isIP } from "node:net";

/** Hosts of this machine itself, as an address names them. */
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

export function isLoopbackName(host: string): boolean {
  return LOOPBACK_NAMES.has(host);
}

/**
 * Whether an IP address is not of the public internet: this machine, a private network, a link, a carrier's own range,
 * a multicast group. A service that somebody names in a setting must not become a way to ask our own network.
 */
export function isPrivateAddress(address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  switch (isIP(plain)) {
    case 4:
      return PRIVATE.check(plain, "ipv4");
    case 6:
      // One that stands for an address of the older kind is judged as that.
      return PRIVATE.check(plain, "ipv6");
    default:
      return true;
  }
}

const PRIVATE = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  PRIVATE.addSubnet(net, bits, "ipv4");
}
for (const [net, bits] of [
  ["::", 127],
  // Translated and tunnelled ones hold an address of the older kind, which may be private.
  ["64:ff9b::", 96],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const) {
  PRIVATE.addSubnet(net, bits, "ipv6");
}
