import { STATUS_CODES } from "node:http";
import type { Reply } from "../server/reply.ts";

/** Statuses a redirect fault may send. */
export const REASONS: Readonly<Record<number, string>> = Object.fromEntries(
  [301, 302, 307, 308].map((status) => [status, STATUS_CODES[status] ?? ""]),
);

/** A status line and headers written by hand, with whatever framing the fault wants. */
export function rawHead(reply: Reply, framing: Readonly<Record<string, string>>): Buffer {
  const lines = [`HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? "Unknown"}`];
  for (const [name, value] of Object.entries({ ...reply.headers, ...framing, connection: "close" })) {
    lines.push(`${name}: ${value}`);
  }
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
}
