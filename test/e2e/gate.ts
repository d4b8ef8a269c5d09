import { once } from "node:events";
import { createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands before an upstream and lets so many requests through, the rest when it is told to. */
export interface Gate {
  readonly url: string;
  /** The key of every request so far. */
  readonly keys: readonly string[];
  open(): void;
  close(): Promise<void>;
}

export async function startGate(upstream: string, letThrough: number): Promise<Gate> {
  const keys: string[] = [];
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const server = createServer((request, response) => {
    keys.push(String(request.headers["x-api-key"]));
    const forward = () => {
      const { method, headers } = request;
      const onward = ask(`${upstream}${request.url}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      request.pipe(onward);
    };
    if (keys.length <= letThrough) forward();
    else void opened.then(forward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    keys,
    open,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
