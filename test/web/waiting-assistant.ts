import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface WaitingAssistant {
  readonly redirectUri: string;
  /** Where its person came back to it. */
  readonly back: Promise<URL>;
  close(): void;
}

/** What an assistant on this machine waits with for its person to come back. */
export async function waitingAssistant(): Promise<WaitingAssistant> {
  let came: (url: URL) => void = () => {};
  const back = new Promise<URL>((resolve) => {
    came = resolve;
  });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://127.0.0.1");
    if (url.pathname === "/callback") came(url);
    // The icon, which a browser asks for by itself, comes with it.
    response.setHeader("content-type", "text/html").end("<title>back</title>You may close this window.");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    redirectUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    back,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
