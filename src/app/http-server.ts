import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";

import type { ApiEnv } from "../api/index.ts";
import { Failure } from "../domain/index.ts";

/** A client that dawdles holds a socket, not the server. */
const PATIENCE = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
} as const;

/** A listening server that is given what it answers with; until then it says that it is starting. */
export class HttpServer {
  readonly url: string;
  readonly #server: Server;
  #answer: RequestListener = starting;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** @throws Failure `app.config` when it cannot listen there; with `anyPort` a taken port becomes any. */
  static async listen({ host, port }: { host: string; port: number }, anyPort: boolean): Promise<HttpServer> {
    let answer: RequestListener = starting;
    const server = createServer(PATIENCE, (request, response) => answer(request, response));
    const attempt = (wanted: number) =>
      new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(wanted, host, () => {
          server.removeListener("error", reject);
          resolve();
        });
      });
    try {
      await attempt(port).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EADDRINUSE" || !anyPort) throw error;
        return attempt(0);
      });
    } catch (cause) {
      const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
      const why = code === "EADDRINUSE" ? "is in use by another program" : `cannot be listened on (${code})`;
      throw new Failure("app.config", { field: "listen", problem: `${host}:${port} ${why}` }, { cause });
    }
    // A server that listens on a host and port has an address of this form.
    const { family, address, port: taken } = server.address() as AddressInfo;
    const made = new HttpServer(server, `http://${family === "IPv6" ? `[${address}]` : address}:${taken}`);
    answer = (request, response) => made.#answer(request, response);
    return made;
  }

  answerWith(app: Hono<ApiEnv>): void {
    const listener = getRequestListener((request, env) => app.fetch(request, env));
    this.#answer = (request, response) => void listener(request, response);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    if (!this.#server.listening) return;
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const starting: RequestListener = (_, response) => {
  response.writeHead(503, { "retry-after": "1" }).end("starting\n");
};
