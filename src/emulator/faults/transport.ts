import type { Wire, FaultKind } from "./fault.ts";
import { FaultError, numberParam } from "./fault.ts";
import type { Reply } from "../server/reply.ts";
import { parsedOrNull } from "./json-text.ts";
import { REASONS, rawHead } from "./raw-head.ts";
import { startConnectTrap } from "./connect-trap.ts";
import { startRedirectTrap } from "./redirect-trap.ts";
import { readCertificateKind, startTlsTrap } from "./tls-trap.ts";

const REDIRECTS = [301, 302, 307, 308] as const;

export const transportFaults: readonly FaultKind[] = [
  {
    id: "F14",
    name: "connection-refused",
    description: "the port is closed until the fault is removed (the control endpoint with it)",
    side: "upstream",
    arm: async (host) => {
      await host.stopListening();
      return { disarm: () => host.listenAgain() };
    },
  },
  {
    id: "F15",
    name: "bad-certificate",
    description: "a TLS listener of its own with a bad certificate; it counts application bytes that came",
    side: "upstream",
    params: { certificate: "self-signed (default), expired or wrong-host" },
    arm: async (_host, params) => {
      const trap = await startTlsTrap(readCertificateKind(params["certificate"]));
      return { observed: trap.observed, disarm: trap.close };
    },
  },
  {
    id: "F16",
    name: "connect-timeout",
    description: "a port of its own whose connections are never accepted",
    side: "upstream",
    arm: async () => {
      const trap = await startConnectTrap();
      return { observed: () => ({ url: trap.url }), disarm: trap.close };
    },
  },
  {
    id: "F17",
    name: "no-headers",
    description: "the request is read, nothing is ever answered",
    side: "upstream",
    times: 1,
    // Sending nothing is the whole fault; the client or the emulator's end closes the connection.
    send: () => {},
  },
  {
    id: "F18",
    name: "stalled-body",
    description: "headers and half of the body, then silence",
    side: "upstream",
    times: 1,
    send: (wire, reply) => {
      const body = bytes(reply);
      wire.response.socket?.write(
        Buffer.concat([rawHead(reply, { "content-length": String(body.byteLength) }), half(body)]),
      );
    },
  },
  {
    id: "F19",
    name: "reset-in-body",
    description: "half of the body, then a TCP reset",
    side: "upstream",
    times: 1,
    send: (wire, reply) => {
      const body = bytes(reply);
      const part = Buffer.concat([rawHead(reply, { "content-length": String(body.byteLength) }), half(body)]);
      wire.response.socket?.write(part, () => wire.response.socket?.resetAndDestroy());
    },
  },
  {
    id: "F20",
    name: "short-body",
    description: "FIN before content-length is reached",
    side: "upstream",
    times: 1,
    send: (wire, reply) => {
      const body = bytes(reply);
      finish(wire, rawHead(reply, { "content-length": String(body.byteLength) }), half(body));
    },
  },
  {
    id: "F21",
    name: "no-last-chunk",
    description: "chunked body whose last chunk never comes",
    side: "upstream",
    times: 1,
    send: (wire, reply) => {
      const body = bytes(reply);
      const chunk = Buffer.concat([Buffer.from(`${body.byteLength.toString(16)}\r\n`), body, Buffer.from("\r\n")]);
      finish(wire, rawHead(reply, { "transfer-encoding": "chunked" }), chunk);
    },
  },
  {
    id: "F22",
    name: "unframed-cut",
    description: "neither length nor chunks, cut in the middle of the JSON",
    side: "upstream",
    times: 1,
    send: (wire, reply) => finish(wire, rawHead(reply, {}), half(bytes(reply))),
  },
  {
    id: "F23",
    name: "unframed-whole-json",
    description: "neither length nor chunks, and what arrives parses although rows and pages are missing",
    side: "upstream",
    times: 1,
    send: (wire, reply) => finish(wire, rawHead(reply, {}), Buffer.from(withHalfTheRows(bytes(reply).toString()))),
  },
  {
    id: "F24",
    name: "redirect",
    description: "301, 302, 307 and 308 in turn to another host, which counts the requests it gets",
    side: "upstream",
    params: { status: "one status for all" },
    arm: async () => {
      const trap = await startRedirectTrap();
      return { memory: new Map([["location", trap.url]]), observed: trap.observed, disarm: trap.close };
    },
    answer: ({ call, memory, nth, params }) => {
      const status = numberParam(params, "status", REDIRECTS[nth % REDIRECTS.length] ?? 302);
      if (REASONS[status] === undefined) throw new FaultError("parameter status should be 301, 302, 307 or 308");
      const location = `${String(memory.get("location"))}${call.path}?${call.query.toString()}`;
      return { status, headers: { location }, body: "" };
    },
  },
];

const bytes = (reply: Reply): Buffer => Buffer.from(reply.body);

const half = (body: Buffer): Buffer => body.subarray(0, Math.floor(body.byteLength / 2));

/** Writes and closes in good order: the peer sees a FIN, not a reset. */
function finish({ response }: Wire, head: Buffer, body: Buffer): void {
  response.socket?.end(Buffer.concat([head, body]));
}

/** The dangerous cut: fewer rows, no further page, well-formed. What another fault has broken already stays broken. */
function withHalfTheRows(text: string): string {
  const body = parsedOrNull(text);
  if (typeof body !== "object" || body === null || !("data" in body) || !Array.isArray(body.data)) return text;
  const ending = "next_page" in body ? { next_page: null } : {};
  const more = "has_more" in body ? { has_more: false } : {};
  return JSON.stringify({ ...body, data: body.data.slice(0, Math.floor(body.data.length / 2)), ...more, ...ending });
}
