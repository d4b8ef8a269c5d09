import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";

import { afterEach, describe, expect, it } from "vitest";

import { isFailure } from "../domain/index.ts";
import { openTransport } from "./transport.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

function transportTo(upstream: string, environment: Record<string, string> = {}) {
  const transport = openTransport({
    upstream: new URL(upstream),
    environment,
    timeouts: { connectMs: 500, headersMs: 500 },
  });
  closing.push(() => transport.close());
  return transport;
}

describe("a transport", () => {
  it.each(["POST", "DELETE", "PUT", "PATCH", "HEAD", "get"])("stops a %s before it leaves", async (method) => {
    let requests = 0;
    const port = await listen(createHttpServer(() => (requests += 1)));
    const sent = transportTo(`http://127.0.0.1:${port}`).send(method, "/v1/organizations/users", {});
    await expect(sent).rejects.toSatisfy((thrown) => isFailure(thrown, "source.read_only"));
    expect(requests).toBe(0);
  });

  it.each(["/", "//evil.example/v1/", "/v2/users", "http://evil.example/v1/x", "/v1/a b", "/v1/a\r\nx: y"])(
    "sends nothing to the target %j",
    async (target) => {
      await expect(transportTo("http://127.0.0.1:9").send("GET", target, {})).rejects.toThrow(TypeError);
    },
  );

  it("goes through the proxy of HTTPS_PROXY, which sees the host but no key", async () => {
    const seen: string[] = [];
    const proxy = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", (bytes) => {
        seen.push(bytes.toString("latin1"));
        socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
      });
    });
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${await listen(proxy)}` };
    const sent = transportTo("https://api.example.com", environment).send("GET", "/v1/x", { "x-api-key": "canary" });
    await expect(sent).rejects.toSatisfy((thrown) => isFailure(thrown, "source.unreachable"));
    expect(seen[0]).toMatch(/^CONNECT api\.example\.com:443 /);
    expect(seen.join("")).not.toContain("canary");
  });

  it("says which setting is wrong when HTTPS_PROXY is no address", async () => {
    const transport = transportTo("https://api.example.com", { HTTPS_PROXY: "not an address" });
    await expect(transport.send("GET", "/v1/organizations/me", {})).rejects.toThrow("HTTPS_PROXY");
  });

  it("leaves the proxy out for NO_PROXY and for this machine", async () => {
    let connections = 0;
    const port = await listen(
      createServer((socket) => {
        connections += 1;
        socket.destroy();
      }),
    );
    const proxied = { HTTPS_PROXY: `http://127.0.0.1:${port}` };
    const server = createHttpServer((_, response) => void response.end("{}"));
    const own = transportTo(`http://127.0.0.1:${await listen(server)}`, {
      ...proxied,
      https_proxy: proxied.HTTPS_PROXY,
    });
    expect((await own.send("GET", "/v1/x", {})).status).toBe(200);
    const excepted = transportTo("https://127.0.0.1.nowhere.invalid", { ...proxied, NO_PROXY: "nowhere.invalid" });
    await expect(excepted.send("GET", "/v1/x", {})).rejects.toSatisfy((thrown) =>
      isFailure(thrown, "source.unreachable"),
    );
    expect(connections).toBe(0);
  });
});
