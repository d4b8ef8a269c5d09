import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { newApiToken } from "../../src/access/index.ts";
import { insertApiToken, listOauthGrants } from "../../src/store/index.ts";
import { testRandom } from "../support/bursar.ts";
import { post, register, type RawClient } from "../support/oauth-flow.ts";
import { startOAuth, type TestBrowser, type TestOAuth } from "../support/oauth.ts";

let server: TestOAuth;
let client: RawClient;
let ada: TestBrowser;
beforeAll(async () => {
  server = await startOAuth();
  client = await register(server);
  ada = server.browser();
  await ada.signIn(await server.account({ role: "analyst", tenants: ["default", "acme"] }));
});
afterAll(() => server.close());

async function begin(browser = ada, changed = {}): Promise<string> {
  const begun = await browser.begin(client.request(changed));
  if (!("uid" in begun)) throw new Error(`ended at ${begun.endsAt.href}`);
  return `/oauth/interactions/${begun.uid}`;
}

const ALLOW = { decision: "allow", tenant: "default", scopes: ["read"] };
const grants = () =>
  server.host.store.read((tx) => listOauthGrants(tx, server.host.contextOf(server.tenant).scope, server.clock.now()));

async function codeOf(response: Response): Promise<string | undefined> {
  return ((await response.json()) as { code?: string }).code;
}

describe("the question", () => {
  it("says who asks, for what, and what of it this person could give, in each of their tenants", async () => {
    const path = await begin(ada, { scope: "read export manage people own" });
    const response = await ada.ask(path, { headers: { accept: "application/json" } });
    expect(await response.json()).toEqual({
      client: { id: client.clientId, name: "A client by hand", knownFrom: null },
      sendsBackTo: { host: "127.0.0.1:49152", isThisMachine: true },
      person: expect.stringMatching(/^Person \d$/) as string,
      asked: ["read", "export", "people", "manage", "own"],
      tenants: [
        { name: "default", scopes: ["read", "export", "own"] },
        { name: "acme", scopes: ["read", "export", "own"] },
      ],
      expiresAt: expect.stringMatching(/Z$/) as string,
    });
  });

  it("is a page for a browser that is sent there", async () => {
    const path = await begin();
    const response = await ada.ask(path, { headers: { accept: "text/html,application/xhtml+xml" } });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(path.replace("/oauth/interactions/", "/consent/"));
  });

  it("can be put into nobody's frame, nor its page", async () => {
    const path = await begin();
    const pages = [String(client.request()), path, path.replace("/oauth/interactions/", "/consent/")];
    for (const page of pages) {
      const { headers } = await ada.ask(page);
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("cache-control")).toContain("no-store");
    }
  });

  it("keeps its cookies from scripts, from other sites and from other paths", async () => {
    const response = await server.browser().ask(String(client.request()));
    const cookies = response.headers.getSetCookie();
    expect(cookies.map((one) => one.split("=")[0])).toEqual([
      "bursar-consent",
      "bursar-consent.sig",
      "bursar-resume",
      "bursar-resume.sig",
    ]);
    for (const one of cookies)
      expect(one).toMatch(/; path=\/oauth\/(interactions|authorize)\/[\w-]+;.*samesite=lax; httponly/i);
  });
});

describe("an answer", () => {
  it("of nobody, or by an API token, is none", async () => {
    const stranger = server.browser();
    const path = await begin(stranger);
    expect(await codeOf(await stranger.post(path, ALLOW))).toBe("access.not_signed_in");
    const { tokenId, text, secretHash } = newApiToken(testRandom);
    const { scope } = server.host.contextOf(server.tenant);
    const times = { createdMs: 0, expiresMs: server.clock.now() + 60_000, usedMs: null };
    const row = { tokenId, accountId: null, name: "x", secretHash, scopes: ["read"], ...times };
    await server.host.store.write((tx) => insertApiToken(tx, scope, row));
    const byToken = await stranger.post(path, ALLOW, { authorization: `Bearer ${text}` });
    expect(await codeOf(byToken)).toBe("access.not_by_token");
  });

  it("in another browser than the one that began is none: nobody allows what somebody else waits for", async () => {
    const attacker = server.browser();
    const path = await begin(attacker);
    expect(await codeOf(await ada.post(path, ALLOW))).toBe("access.request_ended");
    expect(await codeOf(await ada.ask(path))).toBe("access.request_ended");
    // Nor with one's own request standing in another window, whatever path its cookie is sent to.
    const own = await ada.ask(String(client.request()));
    const cookies = own.headers.getSetCookie().map((one) => one.split(";")[0]);
    const session = ada.cookieFor("/");
    expect(await codeOf(await ada.post(path, ALLOW))).toBe("access.request_ended");
    const sent = { cookie: [session, ...cookies].join("; ") };
    expect(await codeOf(await ada.post(path, ALLOW, sent))).toBe("access.request_ended");
  });

  it.each([
    ["a page of another origin", { origin: "https://evil.example" }, 403],
    ["a page of no origin", { origin: "null" }, 403],
    ["a page of another site", { "sec-fetch-site": "cross-site" }, 403],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }, 415],
    ["a form as text", { "content-type": "text/plain" }, 415],
  ])("by %s is refused", async (_, headers, status) => {
    const path = await begin();
    const before = await grants();
    expect((await ada.post(path, ALLOW, headers)).status).toBe(status);
    expect(await grants()).toEqual(before);
    expect((await ada.post(path, ALLOW)).status).toBe(200);
  });

  it.each([
    ["more than one's role", { ...ALLOW, scopes: ["audit", "manage"] }, 422],
    ["what was not asked for", { ...ALLOW, scopes: ["people"] }, 422],
    ["nothing", { ...ALLOW, scopes: [] }, 422],
    ["what there is not", { ...ALLOW, scopes: ["everything"] }, 422],
    ["a tenant that is not one's own", { ...ALLOW, tenant: "globex" }, 404],
    ["no tenant", { decision: "allow", scopes: ["read"] }, 422],
    ["neither yes nor no", {}, 422],
  ])("that gives %s gives nothing", async (_, body, status) => {
    const before = await grants();
    expect((await ada.post(await begin(), body)).status).toBe(status);
    expect(await grants()).toEqual(before);
  });

  it("gives of what was asked for only what the person may and chose", async () => {
    const begun = await ada.begin(client.request({ scope: "read export audit manage own" }));
    if (!("uid" in begun)) throw new Error("nobody was asked");
    const back = await ada.decide(begun.uid, { decision: "allow", scopes: ["read", "audit", "manage", "own"] });
    const { body } = await client.exchange(back.searchParams.get("code") ?? "");
    expect(body.scope).toBe("read own");
  });

  it("no sends the browser back with that, and leaves nothing", async () => {
    const before = await grants();
    const begun = await ada.begin(client.request());
    if (!("uid" in begun)) throw new Error("nobody was asked");
    const back = await ada.decide(begun.uid, { decision: "deny" });
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error: "access_denied",
      state: "a state",
      iss: `${server.origin}/oauth`,
    });
    expect(await grants()).toEqual(before);
  });

  it("counts once: the code is given to the browser that comes back first, and the question is over", async () => {
    const path = await begin();
    const { redirectTo } = (await (await ada.post(path, ALLOW)).json()) as { redirectTo: string };
    // Whoever has seen that address has not got the browser's cookie.
    const elsewhere = await server.browser().ask(redirectTo, { headers: { accept: "text/html" } });
    expect(elsewhere.headers.get("location")).toBe(`${server.origin}/consent/problem?error=invalid_request`);
    const back = await ada.ask(redirectTo);
    expect(back.headers.get("location")).toContain(`${client.redirectUri}?code=`);
    // The browser keeps nothing of it: no session but the dashboard's own says who somebody is.
    for (const one of back.headers.getSetCookie())
      expect(one).toMatch(/^bursar-resume(\.sig)?=.*expires=Thu, 01 Jan 1970/);
    const again = await ada.ask(redirectTo, { headers: { accept: "text/html" } });
    expect(again.headers.get("location")).toBe(`${server.origin}/consent/problem?error=invalid_request`);
    expect(await codeOf(await ada.post(path, ALLOW))).toBe("access.request_ended");
  });

  it("waits half an hour at most", async () => {
    const path = await begin();
    server.clock.advance(31 * 60_000);
    expect(await codeOf(await ada.post(path, ALLOW))).toBe("access.request_ended");
  });

  it("is asked for each time, also of somebody who allowed the same a moment ago", async () => {
    for (let time = 0; time < 2; time++) {
      const begun = await ada.begin(client.request());
      if (!("uid" in begun)) throw new Error("nobody was asked");
      await ada.decide(begun.uid, { decision: "allow", scopes: ["read"] });
    }
  });
});

describe("a client that registers", () => {
  const register_ = (metadata: unknown) => post(`${server.origin}/oauth/register`, metadata);
  const good = { client_name: "A", redirect_uris: ["https://client.example/callback"] };

  it("is public whatever it says, and what a server would have to go and read is left out", async () => {
    const response = await register_({
      ...good,
      client_name: "  A\u202ename ",
      token_endpoint_auth_method: "client_secret_post",
      jwks_uri: "https://169.254.169.254/latest",
      sector_identifier_uri: "https://169.254.169.254/latest",
      logo_uri: "https://client.example/logo.png",
      grant_types: ["authorization_code", "refresh_token", "client_credentials"],
      scope: "openid everything",
    });
    expect(response.status).toBe(201);
    const registered = (await response.json()) as Record<string, unknown>;
    expect(registered).toMatchObject({
      client_name: "A\\u202ename",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      application_type: "web",
    });
    for (const name of [
      "client_secret",
      "jwks_uri",
      "sector_identifier_uri",
      "logo_uri",
      "scope",
      "registration_access_token",
    ]) {
      expect(registered).not.toHaveProperty([name]);
    }
  });

  it("is slowed down by address, so that nobody fills the place", async () => {
    let status = 0;
    for (let at = 0; at < 12 && status !== 429; at++) ({ status } = await register_(good));
    expect(status).toBe(429);
  });
});
