import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startService, type Service } from "../../test/support/outside.ts";
import { isFailure } from "../domain/index.ts";
import { openOutbound, type OutboundOptions } from "./outbound.ts";

describe("a request", () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService(() => ({ body: "here", headers: { "content-type": "Text/Plain; charset=x" } }));
  });
  afterAll(() => service.close());

  async function send(url: string | URL, options: Partial<OutboundOptions> = {}, largest = 100): Promise<string> {
    const outbound = openOutbound({ privateHosts: [], environment: {}, timeoutMs: 2_000, ...options });
    try {
      const { status, contentType, body } = await outbound.send({ method: "GET", url: new URL(url), largest });
      return `${status} ${contentType} ${body.toString()}`;
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      return thrown.code;
    } finally {
      await outbound.close();
    }
  }

  it("reaches this machine when the operator named it, by host or by host and port", async () => {
    expect(await send(service.url, { privateHosts: ["127.0.0.1"] })).toBe("200 text/plain here");
    expect(await send(service.url, { privateHosts: [service.url.host] })).toBe("200 text/plain here");
    expect(await send(service.url, { privateHosts: ["127.0.0.1:1"] })).toBe("anchor.address");
  });

  it.each([
    "http://127.0.0.1:1/",
    "http://localhost:1/",
    "http://[::1]:1/",
    "https://127.0.0.1/",
    "https://10.0.0.1/",
    "https://[fd00::1]/",
    "https://[::ffff:10.0.0.1]/",
    // As URL spells them: 127.0.0.1 all the same.
    "https://2130706433/",
    "https://0x7f.1/",
    "http://example.com/",
    "ftp://example.com/",
    "https://user:secret@example.com/",
  ])("to %s is never sent", async (url) => {
    const before = service.asked.length;
    expect(await send(url)).toBe("anchor.address");
    expect(service.asked).toHaveLength(before);
  });

  it("is never sent to a name that leads to this machine", async () => {
    const here = new URL(service.url);
    here.protocol = "https:";
    // Every system resolves names below localhost to itself, or not at all.
    here.hostname = "anchor.localhost";
    expect(await send(here)).toMatch(/^anchor\.(?:address|unreachable)$/);
  });

  it("does not go through a proxy when the host is the operator's own", async () => {
    const environment = { HTTPS_PROXY: "http://127.0.0.1:1" };
    expect(await send(service.url, { privateHosts: ["127.0.0.1"], environment })).toBe("200 text/plain here");
  });

  it("goes through the proxy otherwise", async () => {
    const asked: string[] = [];
    const { createServer } = await import("node:http");
    const proxy = createServer().on("connect", (request, socket) => {
      asked.push(request.url ?? "");
      socket.end("HTTP/1.1 403 no\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as { port: number };
    expect(await send("https://stamps.invalid/", { environment: { https_proxy: `http://127.0.0.1:${port}` } })).toBe(
      "anchor.unreachable",
    );
    expect(asked).toEqual(["stamps.invalid:443"]);
    proxy.close();
  });

  it("ends with the program, by its reason", async () => {
    const ending = new AbortController();
    service.answer = () => {
      ending.abort(new Error("the program ends"));
      return "hang";
    };
    await expect(send(service.url, { privateHosts: ["127.0.0.1"], signal: ending.signal })).rejects.toThrow(
      "the program ends",
    );
  });
});
