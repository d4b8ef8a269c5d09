import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, expect, it } from "vitest";

import { postWebhook } from "./post-webhook.ts";

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** A receiver on this machine that answers with a status and keeps what it was sent. */
async function receiver(status: number, headers: Record<string, string> = {}) {
  const got: { path: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      got.push({ path: request.url, body });
      response.writeHead(status, headers).end();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got };
}

it("posts the body as JSON", async () => {
  const { url, got } = await receiver(204);
  await postWebhook(`${url}/hook?key=1`, { kind: "budget", text: "ä" });
  expect(got).toEqual([{ path: "/hook?key=1", body: '{"kind":"budget","text":"ä"}' }]);
});

it("follows no redirect", async () => {
  const target = await receiver(204);
  const { url } = await receiver(307, { location: `${target.url}/elsewhere` });
  await expect(postWebhook(url, {})).rejects.toMatchObject({ code: "source.unavailable" });
  expect(target.got).toEqual([]);
});

it("takes an answer other than 2xx, and no answer, for a failure", async () => {
  const { url } = await receiver(500);
  await expect(postWebhook(url, {})).rejects.toMatchObject({ code: "source.unavailable" });
  const gone = await receiver(204);
  await new Promise((resolve) => servers.at(-1)!.close(resolve));
  await expect(postWebhook(gone.url, {})).rejects.toMatchObject({ code: "source.unreachable" });
});

it.each(["http://example.com/hook", "ftp://127.0.0.1/", "http://10.0.0.1/"])("refuses %s", async (address) => {
  await expect(postWebhook(address, {})).rejects.toMatchObject({ code: "source.upstream_refused" });
});
