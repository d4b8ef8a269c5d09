import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { listOauthGrants } from "../../src/store/index.ts";
import { auditEvents } from "../support/sessions.ts";
import { askMcp, codeFor, connected, post, register, type RawClient } from "../support/oauth-flow.ts";
import { startOAuth, type TestAccount, type TestOAuth } from "../support/oauth.ts";

let server: TestOAuth;
let ada: TestAccount;
let client: RawClient;
let other: RawClient;
beforeAll(async () => {
  server = await startOAuth();
  ada = await server.account();
  client = await register(server);
  other = await register(server);
});
afterAll(() => server.close());

const context = () => server.host.contextOf(server.tenant);

/** Where an authorization request ends that asks nobody anything. */
async function endOf(changed: Readonly<Record<string, string | undefined>>): Promise<URL> {
  const begun = await server.browser().begin(client.request(changed));
  if ("uid" in begun) throw new Error("somebody would be asked");
  return begun.endsAt;
}

describe("its metadata", () => {
  const paths = [
    "/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/oauth",
    "/.well-known/openid-configuration",
    "/.well-known/openid-configuration/oauth",
    "/oauth/.well-known/oauth-authorization-server",
    "/oauth/.well-known/openid-configuration",
  ];
  const read = async (path: string) => (await fetch(`${server.origin}${path}`)).json();

  it("says the same wherever a client looks for it", async () => {
    const [first, ...others] = await Promise.all(paths.map(read));
    for (const other of others) expect(other).toEqual(first);
    expect(first).toMatchObject({
      issuer: `${server.origin}/oauth`,
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["none"],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: true,
    });
  });

  it("names places that are there", async () => {
    const metadata = (await read(paths[0]!)) as Record<string, string>;
    for (const name of ["authorization_endpoint", "token_endpoint", "registration_endpoint", "revocation_endpoint"]) {
      const method = name === "authorization_endpoint" ? "GET" : "POST";
      const { status } = await fetch(metadata[name]!, {
        method,
        redirect: "manual",
        headers: { accept: "application/json" },
      });
      expect([name, status < 404 || status === 415]).toEqual([name, true]);
    }
    const { keys } = (await (await fetch(metadata["jwks_uri"]!)).json()) as { keys: Record<string, unknown>[] };
    expect(keys).toEqual([
      {
        kty: "EC",
        crv: "P-256",
        alg: "ES256",
        use: "sig",
        kid: expect.any(String) as string,
        x: expect.any(String) as string,
        y: expect.any(String) as string,
      },
    ]);
  });

  it.each([
    "/oauth/session/end/confirm",
    "/oauth/me",
    "/oauth/token/introspection",
    "/oauth/request",
    "/oauth/device/auth",
  ])("leaves out what is not needed: there is nothing at %s", async (path) => {
    expect((await fetch(`${server.origin}${path}`, { method: "POST" })).status).toBe(404);
  });
});

describe("an authorization request", () => {
  it.each<[string, Readonly<Record<string, string | undefined>>, string]>([
    ["without PKCE", { code_challenge: undefined, code_challenge_method: undefined }, "invalid_request"],
    ["with PKCE in the clear", { code_challenge_method: "plain" }, "invalid_request"],
    ["for another resource", { resource: "https://elsewhere.example/mcp" }, "invalid_target"],
    ["for a resource that only begins like ours", { resource: "OURS/" }, "invalid_target"],
    ["for a token without a code", { response_type: "token" }, "unsupported_response_type"],
    ["with an object in place of parameters", { request: "eyJhbGciOiJub25lIn0.e30." }, "request_not_supported"],
    ["that may ask nobody", { prompt: "none" }, "login_required"],
  ])("%s is sent back refused, with state and issuer", async (_, changed, error) => {
    const resource = changed["resource"]?.replace("OURS", `${server.origin}/mcp`);
    const end = await endOf({ ...changed, ...(resource === undefined ? {} : { resource }) });
    expect(`${end.origin}${end.pathname}`).toBe(client.redirectUri);
    const told = new URLSearchParams(end.search || end.hash.slice(1));
    expect(Object.fromEntries(told)).toMatchObject({ error, state: "a state", iss: `${server.origin}/oauth` });
    expect(told.has("code")).toBe(false);
  });

  it.each<[string, Readonly<Record<string, string | undefined>>, string]>([
    ["of a client that there is not", { client_id: "nobody" }, "invalid_client"],
    ["of no client", { client_id: undefined }, "invalid_request"],
    ["that leads elsewhere", { redirect_uri: "https://evil.example/callback" }, "invalid_redirect_uri"],
    ["that leads to another path", { redirect_uri: "http://127.0.0.1:49152/other" }, "invalid_redirect_uri"],
    ["that leads beyond its path", { redirect_uri: "http://127.0.0.1:49152/callback/.." }, "invalid_redirect_uri"],
    [
      "that leads to a name like this machine's",
      { redirect_uri: "http://127.0.0.1.evil.example/callback" },
      "invalid_redirect_uri",
    ],
  ])("%s is told to the person, and nobody is sent anywhere", async (_, changed, error) => {
    const end = await endOf(changed);
    expect(`${end.pathname}${end.search}`).toBe(`/consent/problem?error=${error}`);
    expect(end.origin).toBe(server.origin);
  });

  it("may come back to this machine on any port: programs take the one that is free", async () => {
    const begun = await server.browser().begin(client.request({ redirect_uri: "http://127.0.0.1:50001/callback" }));
    expect(begun).toHaveProperty("uid");
  });

  it("that names no resource is for the one there is, and one without scopes asks for the least", async () => {
    const { code, client: asking } = await codeFor(server, {
      client,
      account: ada,
      request: { resource: undefined, scope: undefined },
      scopes: ["read", "own", "audit"],
    });
    const { body } = await asking.exchange(code);
    expect(body).toMatchObject({ scope: "read own", token_type: "Bearer" });
    expect((await askMcp(server, body.access_token ?? "")).status).toBe(200);
  });

  it("has its code come back in the query, whatever it asks for", async () => {
    const { back } = await codeFor(server, { client, account: ada, request: { response_mode: "form_post" } });
    expect(back.searchParams.get("code")).toMatch(/^[\w-]{43}$/);
    expect(back.searchParams.get("iss")).toBe(`${server.origin}/oauth`);
    expect(back.searchParams.get("state")).toBe("a state");
  });
});

describe("a code", () => {
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["with another verifier", { code_verifier: "a".repeat(43) }, "invalid_grant"],
    ["with the challenge in place of the verifier", { code_verifier: "CHALLENGE" }, "invalid_grant"],
    ["without a verifier", { code_verifier: "" }, "invalid_grant"],
    ["from another place", { redirect_uri: "http://127.0.0.1:49153/callback" }, "invalid_grant"],
    ["for another resource", { resource: "https://elsewhere.example/mcp" }, "invalid_target"],
  ])("is worth nothing %s", async (_, changed, error) => {
    const { code, client: own } = await codeFor(server, { client, account: ada });
    const challenge = own.request().searchParams.get("code_challenge") ?? "";
    const sent = Object.fromEntries(
      Object.entries(changed).map(([name, value]) => [name, value === "CHALLENGE" ? challenge : value]),
    );
    const { status, body } = await own.exchange(code, sent);
    expect([status, body.error]).toEqual([400, error]);
  });

  it("is worth nothing to another client: one that was slipped in is refused", async () => {
    const { code } = await codeFor(server, { client, account: ada });
    expect((await other.exchange(code)).body.error).toBe("invalid_grant");
    // Nor in the same client, in a flow that somebody else began: it has another verifier.
    const victim = { code_verifier: other.verifier };
    expect((await client.exchange(code, victim)).body.error).toBe("invalid_grant");
    expect((await client.exchange(code)).status).toBe(200);
  });

  it("works once; used again, it takes back what was given for it", async () => {
    const { code, client: own } = await codeFor(server, { client, account: ada });
    const { body } = await own.exchange(code);
    expect((await askMcp(server, body.access_token ?? "")).status).toBe(200);
    const before = (await auditEvents(context())).filter((event) => event === "grant.revoked").length;
    expect((await own.exchange(code)).body.error).toBe("invalid_grant");
    expect((await askMcp(server, body.access_token ?? "")).status).toBe(401);
    expect((await own.refresh(body.refresh_token ?? "")).body.error).toBe("invalid_grant");
    expect((await auditEvents(context())).filter((event) => event === "grant.revoked")).toHaveLength(before + 1);
  });

  it("works for one of two that come at once", async () => {
    const { code, client: own } = await codeFor(server, { client, account: ada });
    const both = await Promise.all([own.exchange(code), own.exchange(code)]);
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 400]);
  });
});

describe("a refresh token", () => {
  it("is another one each time, and an old one ends the whole family", async () => {
    const one = await connected(server, { client, account: ada });
    const second = await one.client.refresh(one.refresh);
    expect(second.body.scope).toBe("read own");
    const third = await one.client.refresh(second.body.refresh_token ?? "");
    expect(new Set([one.refresh, second.body.refresh_token, third.body.refresh_token]).size).toBe(3);
    expect((await askMcp(server, third.body.access_token ?? "")).status).toBe(200);
    expect((await one.client.refresh(one.refresh)).body.error).toBe("invalid_grant");
    for (const access of [one.access, second.body.access_token, third.body.access_token]) {
      expect((await askMcp(server, access ?? "")).status).toBe(401);
    }
    expect((await one.client.refresh(third.body.refresh_token ?? "")).body.error).toBe("invalid_grant");
  });

  it("is its client's alone, and never gives more than was allowed", async () => {
    const one = await connected(server, { client, account: ada });
    expect((await other.refresh(one.refresh)).body.error).toBe("invalid_grant");
    const more = { grant_type: "refresh_token", refresh_token: one.refresh, scope: "read own audit manage" };
    expect((await one.client.token(more)).body.error).toBe("invalid_scope");
    const less = await one.client.token({ grant_type: "refresh_token", refresh_token: one.refresh, scope: "read" });
    expect(less.body.scope).toBe("read");
    const elsewhere = {
      grant_type: "refresh_token",
      refresh_token: less.body.refresh_token ?? "",
      resource: "https://elsewhere.example",
    };
    expect((await one.client.token(elsewhere)).body.error).toBe("invalid_target");
  });

  it("given back ends everything that was allowed, and one given back by another client ends nothing", async () => {
    const one = await connected(server, { client, account: ada });
    expect(await other.revoke(one.refresh)).toBe(200);
    expect((await askMcp(server, one.access)).status).toBe(200);
    expect(await one.client.revoke(one.refresh)).toBe(200);
    expect((await askMcp(server, one.access)).status).toBe(401);
    expect((await one.client.refresh(one.refresh)).body.error).toBe("invalid_grant");
  });
});

describe("the token endpoint", () => {
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["a password", { grant_type: "password", username: "a", password: "b" }, "unsupported_grant_type"],
    ["a client alone", { grant_type: "client_credentials" }, "unsupported_grant_type"],
    ["nothing", {}, "invalid_request"],
  ])("gives no token for %s", async (_, form, error) => {
    const { status, body } = await client.token(form);
    expect([status, body.error]).toEqual([400, error]);
  });

  it("takes forms, and nothing larger than they are", async () => {
    expect((await post(`${server.origin}/oauth/token`, {})).status).toBe(400);
    const large = await fetch(`${server.origin}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({ code: "x".repeat(40_000) }),
    });
    expect(large.status).toBe(413);
  });

  it("answers no page of another origin", async () => {
    const response = await fetch(`${server.origin}/oauth/token`, {
      method: "POST",
      headers: { origin: "https://evil.example" },
      body: new URLSearchParams({ grant_type: "refresh_token" }),
    });
    expect(response.status).toBe(403);
    expect(response.headers.get("access-control-allow-origin")).toBe(null);
  });
});

// Last: the clock does not go back.
it("lets a grant end by itself: after 30 days without use, and after 90 with", async () => {
  const one = await connected(server, { client, account: ada });
  const day = 86_400_000;
  server.clock.advance(31 * day);
  expect((await one.client.refresh(one.refresh)).body.error).toBe("invalid_grant");
  const context = server.host.contextOf(server.tenant);
  const left = async () =>
    (await server.host.store.read((tx) => listOauthGrants(tx, context.scope, server.clock.now()))).length;
  expect(await left()).toBeGreaterThan(0);
  server.clock.advance(60 * day);
  expect(await left()).toBe(0);
});
