import { generateKeyPairSync } from "node:crypto";
import { request } from "node:http";

import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { newApiToken, type Permission } from "../../src/access/index.ts";
import { openServerKeys } from "../../src/oauth/server-keys.ts";
import { catalog, runOperation } from "../../src/operations/index.ts";
import { ensureTenant, insertApiToken, listMembers, putMembership, removeMembership } from "../../src/store/index.ts";
import { testRandom } from "../support/bursar.ts";
import { askMcp, connected, type Connected } from "../support/oauth-flow.ts";
import { startOAuth, type TestOAuth } from "../support/oauth.ts";

let server: TestOAuth;
let ada: Connected;
beforeAll(async () => {
  server = await startOAuth();
  ada = await connected(server);
});
afterAll(() => server.close());

const ALL_SCOPES = "read export people audit sync manage own";
const METADATA = () => `${server.origin}/.well-known/oauth-protected-resource/mcp`;

describe("a request without a token", () => {
  it("is told where to get one, in exactly these words", async () => {
    const { status, headers } = await askMcp(server, null);
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe(`Bearer resource_metadata="${METADATA()}", scope="${ALL_SCOPES}"`);
  });

  it.each(["/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"])(
    "finds the resource described at %s",
    async (path) => {
      expect(await (await fetch(`${server.origin}${path}`)).json()).toEqual({
        resource: `${server.origin}/mcp`,
        resource_name: "Bursar",
        authorization_servers: [`${server.origin}/oauth`],
        scopes_supported: ALL_SCOPES.split(" "),
        bearer_methods_supported: ["header"],
      });
    },
  );

  it("is none with a session: the cookie of the dashboard lets nobody in here", async () => {
    const browser = server.browser();
    await browser.signIn(await server.account());
    const response = await browser.ask("/mcp", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(response.status).toBe(401);
  });
});

describe("a token of ours", () => {
  it("is a signed access token for this resource alone, and says whose it is and in which tenant", () => {
    expect(decodeProtectedHeader(ada.access)).toMatchObject({ alg: "ES256", typ: "at+jwt" });
    const claims = decodeJwt(ada.access);
    expect(claims).toEqual({
      iss: `${server.origin}/oauth`,
      aud: `${server.origin}/mcp`,
      sub: ada.account.accountId,
      client_id: ada.client.clientId,
      scope: "read own",
      grant: expect.stringMatching(/^g_[0-9a-f]{12}$/) as string,
      tenant: "default",
      jti: expect.any(String) as string,
      iat: expect.any(Number) as number,
      exp: (claims.iat ?? 0) + 3_600,
    });
  });

  it("lists the tools, and only the header counts", async () => {
    expect((await askMcp(server, ada.access)).status).toBe(200);
    const inAddress = await askMcp(server, null, { path: `/mcp?access_token=${ada.access}` });
    expect(inAddress.status).toBe(400);
    expect(inAddress.headers.get("www-authenticate")).toContain('error="invalid_request"');
    const both = await askMcp(server, ada.access, { path: `/mcp?access_token=${ada.access}` });
    expect(both.status).toBe(400);
    const inBody = await fetch(`${server.origin}/mcp`, {
      method: "POST",
      body: new URLSearchParams({ access_token: ada.access }),
    });
    expect(inBody.status).toBe(415);
  });

  it("is of no use for the API of the dashboard", async () => {
    const response = await fetch(`${server.origin}/api/v1/status`, {
      headers: { authorization: `Bearer ${ada.access}` },
    });
    expect(response.status).toBe(401);
  });

  it("that does not suffice is told all scopes that are needed", async () => {
    const response = await askMcp(server, ada.access, { call: "verify_ledger" });
    expect(response.status).toBe(403);
    const header = response.headers.get("www-authenticate") ?? "";
    expect(header).toContain('error="insufficient_scope"');
    expect(header).toContain(`resource_metadata="${METADATA()}"`);
    expect(/scope="([^"]*)"/.exec(header)?.[1]?.split(" ").sort()).toEqual(["audit", "own", "read"]);
  });
});

describe("a token that is not", () => {
  const forged = async (
    changed: Readonly<Record<string, unknown>> = {},
    header: Readonly<Record<string, string>> = {},
  ): Promise<string> => {
    const { signing } = await openServerKeys(server.host.safe, testRandom);
    return new SignJWT({ ...decodeJwt(ada.access), ...changed })
      .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: signing.kid, ...header })
      .sign(signing);
  };
  const past = Math.floor(Date.UTC(2020, 0, 1) / 1_000);
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;

  it("made with the same key and nothing changed counts, so that the rest of these fail for their own reason", async () => {
    expect((await askMcp(server, await forged())).status).toBe(200);
  });

  it.each<[string, () => Promise<string>]>([
    ["for another resource", () => forged({ aud: "https://elsewhere.example/mcp" })],
    ["for the dashboard", () => forged({ aud: server.origin })],
    ["for the authorization server", () => forged({ aud: `${server.origin}/oauth` })],
    ["for this and another resource", () => forged({ aud: [`${server.origin}/mcp`, "https://elsewhere.example"] })],
    ["expired", () => forged({ exp: past })],
    ["not valid yet", () => forged({ nbf: Math.floor(server.clock.now() / 1_000) + 600 })],
    ["of another issuer", () => forged({ iss: "https://elsewhere.example" })],
    ["of the issuer without its path", () => forged({ iss: server.origin })],
    ["an ID token", () => forged({}, { typ: "JWT" })],
    ["of a grant that there is not", () => forged({ grant: "g_000000000000" })],
    ["of somebody else's grant", () => forged({ sub: "a_000000000000" })],
    ["of another client's grant", () => forged({ client_id: "another" })],
    ["in another tenant", () => forged({ tenant: "globex" })],
    ["without an end", () => forged({ exp: undefined })],
    [
      "signed with another key",
      () => new SignJWT(decodeJwt(ada.access)).setProtectedHeader({ alg: "ES256", typ: "at+jwt" }).sign(other),
    ],
    [
      "signed with the public key as a secret",
      async () => {
        const { keys } = (await (await fetch(`${server.origin}/oauth/jwks`)).json()) as { keys: unknown[] };
        const secret = Buffer.from(JSON.stringify(keys[0]));
        return new SignJWT(decodeJwt(ada.access)).setProtectedHeader({ alg: "HS256", typ: "at+jwt" }).sign(secret);
      },
    ],
    ["unsigned (alg none)", async () => new UnsecuredJWT(decodeJwt(ada.access)).encode()],
    ["without its signature", async () => `${ada.access.split(".").slice(0, 2).join(".")}.`],
    ["with one letter changed", async () => ada.access.replace(/.$/, (last) => (last === "A" ? "Q" : "A"))],
    ["no token at all", async () => "x"],
    ["an API token that there is not", async () => newApiToken(testRandom).text],
  ])("%s is refused", async (_, make) => {
    const response = await askMcp(server, await make());
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer error="invalid_token", /);
  });
});

describe("what a token lets in", () => {
  it("is looked at again with each call: less by another role, nothing once disabled, removed or revoked", async () => {
    const eve = await connected(server, {
      account: await server.account({ role: "admin" }),
      request: { scope: "read audit sync own" },
      scopes: ["read", "audit", "sync", "own"],
    });
    const { store } = server.host;
    const { tenantId } = server.tenant;
    const member = { tenantId, accountId: eve.account.accountId, people: false, personId: null };
    const may = async () => {
      const { status, headers } = await askMcp(server, eve.access, { call: "verify_ledger" });
      return status === 403 ? headers.get("www-authenticate")?.includes("insufficient_scope") : status;
    };
    expect(await may()).toBe(200);
    await store.write((tx) => putMembership(tx, { ...member, role: "viewer", disabled: false }));
    expect(await may()).toBe(true);
    await store.write((tx) => putMembership(tx, { ...member, role: "admin", disabled: true }));
    expect(await may()).toBe(401);
    expect((await eve.client.refresh(eve.refresh)).body.error).toBe("invalid_grant");
    await store.write((tx) => putMembership(tx, { ...member, role: "admin", disabled: false }));
    expect(await may()).toBe(200);
    await store.write((tx) => removeMembership(tx, tenantId, eve.account.accountId));
    expect(await may()).toBe(401);
  });

  it("ends with its grant, in Settings, with every token at once, and the ledger says who did what", async () => {
    const eve = await connected(server, { account: await server.account({ role: "viewer" }) });
    const context = server.host.contextOf(server.tenant);
    const { grants } = await runOperation(context, await catalog.listGrants(), {});
    const grant = grants.find(({ account }) => account.id === eve.account.accountId)!;
    expect(grant).toMatchObject({ client: { name: "A client by hand" }, scopes: ["read", "own"] });
    await runOperation(context, await catalog.revokeGrant(), { id: grant.id });
    expect((await askMcp(server, eve.access)).status).toBe(401);
    expect((await eve.client.refresh(eve.refresh)).body.error).toBe("invalid_grant");
    const { rows } = await runOperation(context, await catalog.listAudit(), {});
    const trail = rows.filter(({ facts }) => facts?.["grant"] === grant.id);
    expect(trail.map(({ event, by }) => [event, by])).toEqual([
      ["grant.revoked", "test"],
      ["grant.given", `account:${eve.account.accountId}`],
    ]);
  });

  it("is one tenant, the one that was chosen", async () => {
    const account = await server.account({ role: "viewer", tenants: ["default", "acme"] });
    const eve = await connected(server, { account, tenant: "acme" });
    expect(decodeJwt(eve.access)["tenant"]).toBe("acme");
    const elsewhere = await askMcp(server, eve.access, { headers: { "x-bursar-tenant": "default" } });
    expect(elsewhere.status).toBe(404);
    const acme = await server.host.store.write((tx) => ensureTenant(tx, "acme", 0));
    await server.host.store.write((tx) => removeMembership(tx, acme.tenantId, account.accountId));
    // Still a member of the other tenant: that is not where this token leads.
    expect(
      (await server.host.store.read((tx) => listMembers(tx, server.host.contextOf(server.tenant).scope))).map(
        ({ accountId }) => accountId,
      ),
    ).toContain(account.accountId);
    expect((await askMcp(server, eve.access)).status).toBe(401);
  });

  it("is nobody else's to see or to end", async () => {
    const eve = await server.account({ role: "viewer" });
    const browser = server.browser();
    await browser.signIn(eve);
    const listed = (await (await browser.ask("/api/v1/list-grants")).json()) as { grants: unknown[] };
    expect(listed.grants).toEqual([]);
    const { grant } = decodeJwt(ada.access);
    expect((await browser.post("/api/v1/revoke-grant", { id: grant })).status).toBe(404);
    expect((await askMcp(server, ada.access)).status).toBe(200);
  });
});

it("takes API tokens as it always did", async () => {
  const { tokenId, text, secretHash } = newApiToken(testRandom);
  const scopes: readonly Permission[] = ["read"];
  const times = { createdMs: 0, expiresMs: server.clock.now() + 60_000, usedMs: null };
  const { scope } = server.host.contextOf(server.tenant);
  await server.host.store.write((tx) =>
    insertApiToken(tx, scope, { tokenId, accountId: null, name: "x", secretHash, scopes, ...times }),
  );
  expect((await askMcp(server, text)).status).toBe(200);
});

describe("a page of another origin", () => {
  it.each([
    [{ host: "evil.example" }, 403],
    [{ origin: "http://evil.example" }, 403],
    [{ origin: "null" }, 403],
  ])("is refused at /mcp with %j, with a good token too", async (headers, status) => {
    // `fetch` sets Host itself, so this is asked without it.
    const answered = await new Promise<number>((resolve, reject) => {
      const asked = request(`${server.origin}/mcp`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${ada.access}`, ...headers },
      });
      asked.on("response", (response) => resolve(response.resume().statusCode ?? 0));
      asked.on("error", reject);
      asked.end("{}");
    });
    expect(answered).toBe(status);
  });
});
