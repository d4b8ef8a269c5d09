import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

import { afterEach, describe, expect, it } from "vitest";

import { TEST_CERTIFICATES } from "../../src/emulator/faults/test-certificates.ts";
import { fetchPublicDocument } from "../../src/source/public-document.ts";

describe("a document that a stranger names", () => {
  const fetched = (address: string, addresses: readonly string[] = ["93.184.216.34"]) =>
    fetchPublicDocument(new URL(address), { resolve: async () => addresses });

  it.each<[string, string, (readonly string[])?]>([
    ["over a plain connection", "http://client.example/a"],
    ["as a file", "file:///etc/passwd"],
    ["with a password", "https://user:pass@client.example/a"],
    ["on another port", "https://client.example:8443/a"],
    ["on this machine", "https://127.0.0.1/a"],
    ["on this machine, as one number", "https://2130706433/a"],
    ["on this machine, in hex", "https://0x7f.1/a"],
    ["on this machine, by IPv6", "https://[::1]/a"],
    ["on this machine, by IPv6 around IPv4", "https://[::ffff:127.0.0.1]/a"],
    ["at a cloud's metadata", "https://169.254.169.254/latest/meta-data"],
    ["in a private network", "https://10.1.2.3/a"],
    ["by a name that leads to this machine", "https://client.example/a", ["127.0.0.1"]],
    ["by a name that leads out and in", "https://client.example/a", ["93.184.216.34", "10.0.0.1"]],
    ["by a name that leads in by IPv6", "https://client.example/a", ["fd00::1"]],
    ["by a name that leads nowhere", "https://client.example/a", []],
  ])("is not read %s, and no connection is made", async (_, address, addresses) => {
    const refused = await fetched(address, addresses).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ code: "source.document_refused" });
    // What is tried and fails is told in these words.
    expect(refused).not.toMatchObject({ facts: { problem: "it cannot be read" } });
  });
});

describe("a document on this machine, where a test trusts it", () => {
  const closing: (() => void)[] = [];
  afterEach(() => closing.splice(0).forEach((close) => close()));

  async function serving(listener: RequestListener): Promise<URL> {
    const server = createServer(TEST_CERTIFICATES["self-signed"], listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/client.json`);
  }
  const trusting = { trustLoopback: { ca: TEST_CERTIFICATES["self-signed"].cert } };

  it("is read, with no word of who asks", async () => {
    let headers: Readonly<Record<string, unknown>> = {};
    const url = await serving((request, response) => {
      ({ headers } = request);
      response.setHeader("cache-control", "max-age=60").end("{}");
    });
    const document = await fetchPublicDocument(url, trusting);
    expect(document).toEqual({ status: 200, headers: { "cache-control": "max-age=60" }, body: "{}" });
    expect(Object.keys(headers).sort()).toEqual(["accept", "accept-encoding", "connection", "host"]);
  });

  it("is refused all the same where nobody trusts it", async () => {
    const url = await serving((_, response) => response.end("{}"));
    await expect(fetchPublicDocument(url)).rejects.toMatchObject({ code: "source.document_refused" });
  });

  it("goes no further than where it was: a redirect is an answer, not a way", async () => {
    const asked: string[] = [];
    const url = await serving((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    expect((await fetchPublicDocument(url, trusting)).status).toBe(302);
    expect(asked).toEqual(["/client.json"]);
  });

  it.each<[string, RequestListener]>([
    ["endless", (_, response) => void response.end("x".repeat(20_000))],
    ["no text", (_, response) => void response.end(Buffer.from([0xff, 0xfe, 0xff]))],
    [
      "cut off",
      (_, response) => void response.writeHead(200, { "content-length": "100" }).write("{", () => response.destroy()),
    ],
  ])("that is %s is not read", async (_, listener) => {
    const url = await serving(listener);
    await expect(fetchPublicDocument(url, trusting)).rejects.toMatchObject({ code: "source.document_refused" });
  });
});
