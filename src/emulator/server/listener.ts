import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Reply } from "./reply.ts";

/** An HTTP listener that can go away and come back on the same port. */
export interface Listener {
  readonly port: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

export async function createListener(handler: RequestHandler, host: string, port: number): Promise<Listener> {
  let server = makeServer(handler);
  const chosen = await listen(server, host, port);
  return {
    port: chosen,
    stop: () => shut(server),
    start: async () => {
      if (server.listening) return;
      server = makeServer(handler);
      await listen(server, host, chosen);
    },
  };
}

function makeServer(handler: RequestHandler): Server {
  // Longer than any pause of a client between two requests, so that it is never the emulator that drops a connection.
  const server = createServer({ keepAliveTimeout: 120_000, maxHeaderSize: 65_536 }, handler);
  server.on("clientError", (_error, socket) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    else socket.destroy();
  });
  return server;
}

/** Listens and gives the port. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the listener has no port");
  return address.port;
}

/** Stops listening and breaks every open connection. */
export async function shut(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** The usual way of writing an answer. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  const body = typeof reply.body === "string" ? Buffer.from(reply.body) : reply.body;
  const framing = reply.status === 204 ? {} : { "content-length": String(body.byteLength) };
  response.writeHead(reply.status, { ...framing, ...reply.headers });
  response.end(reply.status === 204 ? undefined : body);
}

/** The request's body as text; undefined when it is longer than `most` bytes. */
export async function readBody(request: IncomingMessage, most: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.byteLength;
    if (size > most) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}
