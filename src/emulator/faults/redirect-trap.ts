import { createServer } from "node:http";
import { listen, shut } from "../server/listener.ts";

/** Another host, where nothing should ever arrive. */
export interface RedirectTrap {
  readonly url: string;
  readonly observed: () => Record<string, unknown>;
  readonly close: () => Promise<void>;
}

export async function startRedirectTrap(): Promise<RedirectTrap> {
  let requests = 0;
  let requestsWithKey = 0;
  const server = createServer((request, response) => {
    requests += 1;
    if ("x-api-key" in request.headers || "authorization" in request.headers) requestsWithKey += 1;
    response.end('{"data":[],"has_more":false}');
  });
  // `localhost` is another origin than 127.0.0.1 even on the same machine.
  const port = await listen(server, "127.0.0.1", 0);
  const url = `http://localhost:${port}`;
  return { url, observed: () => ({ url, requests, requestsWithKey }), close: () => shut(server) };
}
