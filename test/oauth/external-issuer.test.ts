import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { ExternalSettings } from "../../src/oauth/index.ts";
import { ensureTenant, findAccountBySubject, insertAccount, putMembership } from "../../src/store/index.ts";
import { startIdentityProvider, type TestIdentityProvider } from "../support/identity-provider.ts";
import { askMcp } from "../support/oauth-flow.ts";
import { startOAuth, type TestOAuth } from "../support/oauth.ts";
import { auditEvents } from "../support/sessions.ts";

let provider: TestIdentityProvider;
let other: TestIdentityProvider;
beforeAll(async () => {
  provider = await startIdentityProvider("https://client.example/callback");
  other = await startIdentityProvider("https://client.example/callback");
});
afterAll(async () => {
  await provider.close();
  await other.close();
});

async function withIssuer(
  changed: Partial<ExternalSettings>,
  use: (server: TestOAuth) => Promise<void>,
): Promise<void> {
  const settings: ExternalSettings = {
    kind: "external",
    issuer: provider.issuer,
    audience: null,
    accountClaim: "sub",
    tenantClaim: null,
    roleClaim: null,
    roleMap: [],
    ...changed,
  };
  const server = await startOAuth({ settings });
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

/** Somebody whom single sign-on made an account for. */
async function knows(server: TestOAuth, subject: string, tenants: readonly number[], issuer = provider.issuer) {
  const accountId = `a_${Buffer.from(subject).toString("hex").padEnd(12, "0").slice(0, 12)}`;
  await server.host.store.write(async (tx) => {
    const nothing = { email: null, contact: null, passwordHash: null, signedInMs: null, secondFactorMs: null };
    await insertAccount(tx, { accountId, name: `Person ${subject}`, issuer, subject, createdMs: 0, ...nothing });
    for (const tenantId of tenants) {
      await putMembership(tx, { tenantId, accountId, role: "viewer", people: false, personId: null, disabled: false });
    }
  });
}

async function tokenOf(subject: string, resource: string, claims = {}, scope = "read own", from = provider) {
  from.signsIn(subject, claims);
  return from.accessToken(resource, scope);
}

it("names the issuer to clients, and gives out nothing itself", () =>
  withIssuer({}, async (server) => {
    const resource = await (await fetch(`${server.origin}/.well-known/oauth-protected-resource/mcp`)).json();
    expect(resource).toMatchObject({ resource: `${server.origin}/mcp`, authorization_servers: [provider.issuer] });
    for (const path of ["/.well-known/oauth-authorization-server", "/oauth/authorize", "/oauth/jwks"]) {
      expect([path, (await fetch(`${server.origin}${path}`)).headers.get("content-type")]).not.toEqual([
        path,
        "application/json",
      ]);
      expect([path, (await fetch(`${server.origin}${path}`)).status]).toEqual([path, 404]);
    }
  }));

describe("a token of the issuer", () => {
  it("lets in whom its issuer and subject name, with the token's scopes as far as their role goes", () =>
    withIssuer({}, async (server) => {
      const resource = `${server.origin}/mcp`;
      await knows(server, "ada", [server.tenant.tenantId]);
      const token = await tokenOf("ada", resource, {}, "read own audit");
      expect(decodeJwt(token)).toMatchObject({
        iss: provider.issuer,
        aud: resource,
        sub: "ada",
        scope: "read own audit",
      });
      expect((await askMcp(server, token)).status).toBe(200);
      // A viewer proves nothing, whatever the token says.
      expect((await askMcp(server, token, { call: "verify_ledger" })).status).toBe(403);
      const narrow = await tokenOf("ada", resource, {}, "own");
      expect((await askMcp(server, narrow, { call: "query_metric" })).status).toBe(403);
    }));

  it.each<[string, (server: TestOAuth) => Promise<string>]>([
    ["for another resource", () => tokenOf("ada", "https://elsewhere.example/mcp")],
    ["of somebody whom nobody knows", (server) => tokenOf("eve", `${server.origin}/mcp`)],
    ["of another issuer with the same subject", (server) => tokenOf("ada", `${server.origin}/mcp`, {}, "read", other)],
    [
      "with its signature taken from another",
      async (server) => {
        const [one, two] = [await tokenOf("ada", `${server.origin}/mcp`), await tokenOf("eve", `${server.origin}/mcp`)];
        return [...one.split(".").slice(0, 2), two.split(".")[2]].join(".");
      },
    ],
  ])("%s is refused", (_, make) =>
    withIssuer({}, async (server) => {
      await knows(server, "ada", [server.tenant.tenantId]);
      const response = await askMcp(server, await make(server));
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toContain('error="invalid_token"');
    }),
  );

  it("means the audience, account and tenant that were configured", () =>
    withIssuer({ audience: "api://bursar", accountClaim: "oid", tenantClaim: "bursar.tenant" }, async (server) => {
      const acme = await server.host.store.write((tx) => ensureTenant(tx, "acme", 0));
      await knows(server, "ada", [server.tenant.tenantId, acme.tenantId]);
      const asks = async (claims: object, resource = "api://bursar") =>
        (await askMcp(server, await tokenOf("changing", resource, claims))).status;
      expect(await asks({ oid: "ada", bursar: { tenant: "acme" } })).toBe(200);
      expect(await asks({ oid: "ada", bursar: { tenant: "globex" } })).toBe(401);
      expect(await asks({ oid: "ada" })).toBe(401);
      expect(await asks({ bursar: { tenant: "acme" } })).toBe(401);
      expect(await asks({ oid: "ada", bursar: { tenant: "acme" } }, `${server.origin}/mcp`)).toBe(401);
    }));

  it("makes an account, and changes it, as its role claim says", () =>
    withIssuer(
      { roleClaim: "groups", roleMap: [{ value: "staff", role: "viewer", tenant: "default" }] },
      async (server) => {
        const resource = `${server.origin}/mcp`;
        expect((await askMcp(server, await tokenOf("new", resource, { groups: ["guests"] }))).status).toBe(401);
        const token = await tokenOf("new", resource, { groups: ["staff"], name: "New Person" });
        for (let time = 0; time < 2; time++) expect((await askMcp(server, token)).status).toBe(200);
        const account = await server.host.store.read((tx) => findAccountBySubject(tx, provider.issuer, "new"));
        expect(account?.name).toBe("New Person");
        const none = await provider.resign(token, { groups: [], iat: (decodeJwt(token).iat ?? 0) + 1 });
        expect((await askMcp(server, none)).status).toBe(401);
        // What an earlier token said is not what is true today.
        expect((await askMcp(server, token)).status).toBe(401);
        const events = await auditEvents(server.host.contextOf(server.tenant));
        expect(events).toEqual(["account.made_by_sso", "account.changed_by_sso"]);
      },
    ));

  it("waits for nothing while the issuer is away, and says so", () =>
    withIssuer({ issuer: "http://127.0.0.1:9" }, async (server) => {
      const response = await askMcp(server, await tokenOf("ada", `${server.origin}/mcp`));
      expect(response.status).toBe(503);
      expect(JSON.stringify(await response.json())).toContain("BURSAR_OAUTH_ISSUER");
    }));
});
