import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, expect, it } from "vitest";

import { memoryClient } from "../support/oauth-client.ts";
import { serveDocument, startOAuth, type TestOAuth } from "../support/oauth.ts";

let server: TestOAuth;
beforeAll(async () => {
  server = await startOAuth();
});
afterAll(() => server.close());

it("takes the official client from nothing to a list of tools, and on through refresh and revocation", async () => {
  const ada = await server.account();
  const browser = server.browser();
  await browser.signIn(ada);
  const provider = memoryClient();
  const connect = async () => {
    const client = new Client({ name: "test", version: "0" });
    const transport = new StreamableHTTPClientTransport(new URL(`${server.origin}/mcp`), { authProvider: provider });
    return { client, transport };
  };
  const first = await connect();
  await expect(first.client.connect(first.transport)).rejects.toThrow(UnauthorizedError);
  expect(provider.known.client?.client_id).toMatch(/^[\w-]{20,}$/);
  const begun = await browser.begin(provider.known.sentTo!);
  if (!("uid" in begun)) throw new Error(`ended at ${begun.endsAt.href}`);
  const back = await browser.decide(begun.uid, { decision: "allow", scopes: ["read", "own"] });
  expect(back.origin + back.pathname).toBe(provider.redirectUrl);
  await first.transport.finishAuth(back.searchParams);
  const second = await connect();
  await second.client.connect(second.transport);
  expect((await second.client.listTools()).tools.length).toBeGreaterThan(3);
  await second.client.close();
});

it("knows a client by the document at its address", async () => {
  const document = await serveDocument((address) => ({
    client_id: address,
    client_name: "A client with a document",
    redirect_uris: ["http://127.0.0.1/callback"],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  }));
  try {
    const browser = server.browser();
    await browser.signIn(await server.account());
    const provider = memoryClient({ document: document.address });
    const transport = new StreamableHTTPClientTransport(new URL(`${server.origin}/mcp`), { authProvider: provider });
    await expect(new Client({ name: "t", version: "0" }).connect(transport)).rejects.toThrow(UnauthorizedError);
    const begun = await browser.begin(provider.known.sentTo!);
    if (!("uid" in begun)) throw new Error(`ended at ${begun.endsAt.href}`);
    const back = await browser.decide(begun.uid, { decision: "allow", scopes: ["read"] });
    await transport.finishAuth(back.searchParams);
    expect(provider.known.tokens?.refresh_token).toBeDefined();
  } finally {
    await document.close();
  }
});
