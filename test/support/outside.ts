import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { openOutbound, type Outbound } from "../../src/anchors/index.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export interface Answered {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export interface Service {
  readonly url: URL;
  readonly asked: Asked[];
  /** What it answers from now on; `hang` never, `cut` half of it. */
  answer: (asked: Asked) => Answered | Promise<Answered> | "hang" | "cut";
  close(): Promise<void>;
}

/** A service on this machine that answers as a test wants it to. */
export async function startService(answer: Service["answer"]): Promise<Service> {
  const server = createServer((request, response) => void reply(service, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const service: Service = {
    url: new URL(`http://127.0.0.1:${port}`),
    asked: [],
    answer,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;
}

/** The way out, to this machine alone and impatient. */
export function outboundHere(timeoutMs = 5_000): Outbound {
  return openOutbound({ privateHosts: ["127.0.0.1"], environment: {}, timeoutMs });
}

async function reply(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = "", url: path = "", headers } = request;
  const asked = { method, path, headers, body: Buffer.concat(chunks) };
  service.asked.push(asked);
  const answer = await service.answer(asked);
  if (answer === "hang") return;
  if (answer === "cut") {
    response.writeHead(200, { "content-length": "100" });
    response.write("half");
    setImmediate(() => response.destroy());
    return;
  }
  response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? "");
}
