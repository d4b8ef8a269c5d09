import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type OAuthTokens,
} from "@modelcontextprotocol/client";
import { afterAll, beforeAll, expect, it } from "vitest";

import type { Permission } from "../../src/access/index.ts";
import { askMcp } from "../support/oauth-flow.ts";
import { memoryClient, type MemoryClient } from "../support/oauth-client.ts";
import { serveDocument, startOAuth, type TestBrowser, type TestOAuth } from "../support/oauth.ts";

let server: TestOAuth;
let ada: TestBrowser;
beforeAll(async () => {
  server = await startOAuth();
  ada = server.browser();
  await ada.signIn(await server.account({ role: "admin" }));
});
afterAll(() => server.close());

/** The official client, with its own memory. */
async function attempt(memory: MemoryClient): Promise<Client> {
  const client = new Client({ name: "test", version: "0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${server.origin}/mcp`), { authProvider: memory }));
  return client;
}

/** Is sent away to be allowed, and comes back with a code. */
async function authorize(memory: MemoryClient, scopes: readonly Permission[]): Promise<void> {
  const transport = new StreamableHTTPClientTransport(new URL(`${server.origin}/mcp`), { authProvider: memory });
  await expect(new Client({ name: "test", version: "0" }).connect(transport)).rejects.toThrow(UnauthorizedError);
  const begun = await ada.begin(memory.known.sentTo!);
  if (!("uid" in begun)) throw new Error(`nobody was asked: ${begun.endsAt.href}`);
  const back = await ada.decide(begun.uid, { decision: "allow", scopes });
  expect(`${back.origin}${back.pathname}`).toBe(memory.redirectUrl);
  await transport.finishAuth(back.searchParams);
}

function tokensOf({ known }: MemoryClient): OAuthTokens {
  if (known.tokens === undefined) throw new Error("the client has no tokens");
  return known.tokens;
}

it("takes the official client from one address to a list of tools, through refresh, to the end", async () => {
  const memory = memoryClient();
  await authorize(memory, ["read", "own"]);
  // It registered itself, asked for all that the resource offers, and got what the person chose.
  expect(memory.known.client?.client_id).toMatch(/^[\w-]{20,}$/);
  expect(memory.known.sentTo?.searchParams.get("scope")).toContain("manage");
  expect(tokensOf(memory).scope).toBe("read own");
  const first = await attempt(memory);
  const { tools } = await first.listTools();
  expect(tools.map(({ name }) => name)).toContain("query_metric");
  await first.close();

  const before = tokensOf(memory);
  // An access token that does not hold any more: the client gets another by itself, and goes on.
  memory.known.tokens = { ...before, access_token: "e30.e30.e30" };
  const second = await attempt(memory);
  expect((await second.listTools()).tools).toHaveLength(tools.length);
  await second.close();
  expect(tokensOf(memory).refresh_token).not.toBe(before.refresh_token);

  const { access_token: access, refresh_token: refresh = "" } = tokensOf(memory);
  const form = new URLSearchParams({ client_id: memory.known.client?.client_id ?? "", token: refresh });
  expect((await fetch(`${server.origin}/oauth/revoke`, { method: "POST", body: form })).status).toBe(200);
  expect((await askMcp(server, access)).status).toBe(401);
  // The client tries to refresh, is refused, and is sent to be asked again.
  await authorize(memory, ["read"]);
});

it("knows a client by the document at its address, without registering it", async () => {
  const document = await serveDocument((address) => ({
    client_id: address,
    client_name: "A client with a document",
    // What a program writes that takes any port.
    redirect_uris: ["http://127.0.0.1/callback"],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
    jwks_uri: "https://169.254.169.254/",
  }));
  try {
    const memory = memoryClient({ document: document.address });
    await authorize(memory, ["read"]);
    expect(memory.known.client?.client_id).toBe(document.address);
    const client = await attempt(memory);
    expect((await client.listTools()).tools.length).toBeGreaterThan(0);
    await client.close();
    expect(tokensOf(memory).refresh_token).toBeDefined();
    // Kept for a while: a person's every click is no request into the world.
    expect(document.asked()).toBe(1);
  } finally {
    await document.close();
  }
});

it("asks for more when a tool needs more, and keeps what was allowed before", async () => {
  const memory = memoryClient();
  await authorize(memory, ["read", "own"]);
  const narrow = tokensOf(memory).access_token;
  const refused = await askMcp(server, narrow, { call: "verify_ledger" });
  const needed = /scope="([^"]*)"/.exec(refused.headers.get("www-authenticate") ?? "")?.[1] ?? "";
  const begun = await ada.begin(
    memory.known.sentTo!.href.replace(/scope=[^&]*/, `scope=${encodeURIComponent(needed)}`),
  );
  if (!("uid" in begun)) throw new Error("nobody was asked");
  const back = await ada.decide(begun.uid, { decision: "allow", scopes: ["read", "own", "audit"] });
  const form = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: memory.known.client?.client_id ?? "",
    code: back.searchParams.get("code") ?? "",
    redirect_uri: memory.redirectUrl,
    code_verifier: memory.known.verifier ?? "",
  });
  const answer = await fetch(`${server.origin}/oauth/token`, { method: "POST", body: form });
  const wide = ((await answer.json()) as OAuthTokens).access_token;
  expect((await askMcp(server, wide, { call: "verify_ledger" })).status).toBe(200);
  expect((await askMcp(server, narrow)).status).toBe(200);
});
