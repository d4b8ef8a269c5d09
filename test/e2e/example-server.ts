import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Which invented example answers which path. Whatever the query says, the answer is the same. */
const EXAMPLES: readonly (readonly [path: RegExp, file: string])[] = [
  [/^\/v1\/organizations\/me$/, "organizations-me"],
  [/^\/v1\/organizations\/users$/, "users"],
  [/^\/v1\/organizations\/invites$/, "invites"],
  [/^\/v1\/organizations\/workspaces$/, "workspaces"],
  [/^\/v1\/organizations\/workspaces\/[^/]+\/members$/, "workspace-members"],
  [/^\/v1\/organizations\/api_keys$/, "api-keys"],
  [/^\/v1\/organizations\/usage_report\/messages$/, "usage-report-messages"],
  [/^\/v1\/organizations\/usage_report\/claude_code$/, "usage-report-claude-code"],
  [/^\/v1\/organizations\/cost_report$/, "cost-report"],
  [/^\/v1\/organizations\/analytics\/usage$/, "analytics-usage"],
  [/^\/v1\/organizations\/analytics\/cost$/, "analytics-cost"],
];

export interface ExampleServer {
  readonly url: string;
  /** Path and query of every request so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function readExample(name: string): Promise<Buffer> {
  return readFile(new URL(`../fixtures/example-responses/${name}.json`, import.meta.url));
}

/** A plain file server, as somebody would put up who has nothing but the examples of a documentation. */
export async function serveExamples(): Promise<ExampleServer> {
  const requests: string[] = [];
  const answer = async (url: string, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(url, "http://localhost");
    const found = EXAMPLES.find(([path]) => path.test(pathname));
    const body = await readExample(found?.[1] ?? "not-found");
    const headers = { "content-type": "application/json", "content-length": body.length };
    response.writeHead(found === undefined ? 404 : 200, headers).end(body);
  };
  const server = createServer(({ url = "/" }, response) => {
    requests.push(url);
    void answer(url, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
