import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { beforeAll, describe, expect, it } from "vitest";

import { beginSession, newApiToken, newId, type Permission, type Role } from "../../src/access/index.ts";
import type { HttpServer } from "../../src/app/http-server.ts";
import { deleteApiToken, insertAccount, insertApiToken, putMembership } from "../../src/store/index.ts";
import { accountRow } from "../support/account-row.ts";
import { testApi, type TestApi } from "../support/api.ts";
import { testRandom as random, withSyncedBursar, type TestBursar } from "../support/bursar.ts";
import { held } from "../support/held.ts";
import { rawRequest } from "./raw-request.ts";

/** What nobody should send, one table a subject. The rest of the list stands in test/bad-input. */

const MANY = { requestsPerMinute: 1e9, anonymousPerMinute: 1e9, probesPerMinute: 1e9 };
const SECRET = "sk-ant-admin01-TESTq8Zr4mWv2Lk9XcNb7Ys5";

interface Server {
  readonly bursar: TestBursar;
  readonly api: TestApi;
  readonly server: HttpServer;
  readonly token: string;
  /** Changes whenever anything in the database does. */
  readonly version: () => unknown;
}

const at = held<Server>((use) =>
  withSyncedBursar(async (bursar) => {
    const api = await testApi({ ...bursar, limits: MANY });
    const server = await api.listen();
    const file = new DatabaseSync(join(bursar.dir, "bursar.db"), { readOnly: true });
    const version = () => file.prepare("pragma data_version").get();
    await use({ bursar, api, server, token: await api.token(), version });
    file.close();
    await server.close();
  }),
);

let admin: string;
beforeAll(async () => {
  admin = await session("admin");
});

async function session(role: Role, disabled = false): Promise<string> {
  const { store, clock, scope } = at().bursar;
  const account = accountRow(newId(random, "a"), { createdMs: clock.now() });
  const { accountId } = account;
  const member = { tenantId: scope.tenantId, accountId, role, people: true, personId: null };
  const { token } = await store.write(async (tx) => {
    await insertAccount(tx, account);
    await putMembership(tx, { ...member, disabled: false });
    const begun = await beginSession(tx, { clock, random }, account, { agent: "a test" });
    if (disabled) await putMembership(tx, { ...member, disabled });
    return begun;
  });
  return `bursar=${token}`;
}

/** The answer is a refusal that says what is wrong and repeats nothing of a secret, and nothing was kept. */
async function refused(
  asking: () => Promise<Response>,
  { leavesTrace = false } = {},
): Promise<{ status: number; field: unknown }> {
  const before = at().version();
  const answer = await asking();
  const said = await answer.text();
  expect([answer.status, said.slice(0, 200)]).toEqual([expect.toSatisfy(isRefusal), said.slice(0, 200)]);
  const problem = JSON.parse(said) as Record<string, unknown>;
  expect(problem).toMatchObject({ status: answer.status, code: expect.any(String), hint: expect.any(String) });
  expect(said).not.toMatch(/\n\s+at |node_modules|\.ts:\d/);
  expect(said).not.toContain(SECRET.slice(15));
  expect(said.length).toBeLessThan(2_000);
  if (!leavesTrace) expect(at().version()).toEqual(before);
  expect(at().api.events.filter(({ level }) => level === "error")).toEqual([]);
  return { status: answer.status, field: problem["field"] };
}

const isRefusal = (status: number) => status >= 400 && status < 500;

describe("a body", () => {
  const VIEW = { name: "a", page: "/spend", query: "" };
  const view = (more: object) => JSON.stringify({ ...VIEW, ...more });

  it.each<[what: string, body: string, field: string]>([
    ["that is none", "", "name"],
    ["without an end", "{", "body"],
    ["that is no JSON", "name=a", "body"],
    ["null", "null", "body"],
    ["a list", "[]", "body"],
    ["a text", '"x"', "body"],
    ["a number", "1", "body"],
    ["not a number", '{"name":NaN}', "body"],
    ["of two documents", "{}{}", "body"],
    ["in UTF-16", "\ufeff{\u0000}\u0000", "body"],
    ["with a member twice", '{"name":"a","name":"b","page":"/spend","query":""}', "body"],
    ["with a member twice, once spelled otherwise", '{"name":"a","\\u006eame":"b","page":"/x","query":""}', "body"],
    ["with a member twice within", '{"name":"a","page":{"x":":","x":1}}', "body"],
    ["with a member that nobody knows", view({ more: 1 }), "more"],
    ["with a secret for a member's name", view({ [SECRET]: 1 }).replace(SECRET, "x"), "x"],
    ["with __proto__", '{"name":"a","page":"/spend","query":"","__proto__":{"shared":true}}', "__proto__"],
    ["with a zero in a text", view({ name: "a\u0000b" }), "name"],
    ["with half of a pair in a text", '{"name":"a\\ud800b","page":"/spend","query":""}', "name"],
    ["with a number for a text", view({ name: 1 }), "name"],
    ["with a list for a text", view({ name: ["a"] }), "name"],
    ["with a text for truth", view({ shared: "true" }), "shared"],
  ])("%s is refused", async (_, body, field) => {
    expect(await refused(() => at().api.post("/api/v1/save-view", at().token, body))).toEqual({ status: 422, field });
  });

  it.each<[what: string, body: string]>([
    ["a text", '"7"'],
    ["more than any number", "1e400"],
    ["a fraction", "1.5"],
    ["negative", "-1"],
    ["beyond what is whole", "9007199254740993"],
    ["a list of one", "[7]"],
  ])("with a number that is %s is refused", async (_, days) => {
    const body = `{"name":"x","scopes":["read"],"days":${days}}`;
    const answer = await refused(() => at().api.post("/api/v1/create-token", null, body, { cookie: admin }));
    expect(answer).toEqual({ status: 422, field: "days" });
  });

  it.each<[what: string, more: object, field: string]>([
    ...["1e9", "1,000", "-0", "０", "NaN", "0", "0.0000000000001", `1${"0".repeat(30)}`, " 5", "5\n"].map(
      (amountUsd): [string, object, string] => [`the amount ${JSON.stringify(amountUsd)}`, { amountUsd }, "amountUsd"],
    ),
    ["an amount that is a number", { amountUsd: 5 }, "amountUsd"],
    ["200 thresholds", { thresholds: Array.from({ length: 200 }, (_, at) => at + 1) }, "thresholds"],
    ["a threshold of nothing", { thresholds: [0] }, "thresholds.0"],
    ["half a threshold", { thresholds: [50.5] }, "thresholds.0"],
    ["no basis", { basis: [] }, "basis"],
    ["a scope of which it is not said which", { scope: "tool" }, "value"],
    ["a tenant", { tenantId: 2 }, "tenantId"],
  ])("of a budget with %s is refused", async (_, more, field) => {
    const body = { name: "a", scope: "organization", period: "month", amountUsd: "5", ...more };
    expect(await refused(() => at().api.post("/api/v1/save-budget", at().token, body))).toEqual({ status: 422, field });
  });

  it.each([
    ["retention.identityDays", 0],
    ["retention.identityDays", 92.5],
    ["retention.identityDays", 1e9],
    ["secondFactor", "nobody"],
    ["alertWebhookUrl", "http://127.0.0.1/"],
    ["alertWebhookUrl", "https://name:word@example.com/"],
  ])("with the setting %s: %j is refused", async (name, value) => {
    const body = { settings: { [name]: value } };
    const answer = await refused(() => at().api.post("/api/v1/change-settings", null, body, { cookie: admin }));
    expect(answer).toEqual({ status: 422, field: `settings.${name}` });
  });

  it("with a colon in its texts is taken as it is", async () => {
    const body = view({ name: 'a: "b:c" \\" :', query: "from=2026-10-01&where=model:x" });
    const answer = await at().api.post("/api/v1/save-view", at().token, body);
    expect(await answer.json()).toMatchObject({ name: 'a: "b:c" \\" :' });
  });

  it("keeps a name and a password from what is no text either", async () => {
    const body = { email: "a@example.com", password: "\u0000".repeat(20) };
    expect(await refused(() => at().api.post("/auth/sign-in", null, body))).toEqual({ status: 422, field: "password" });
  });
});

describe("bytes", () => {
  const host = () => `host: ${new URL(at().server.url).host}`;
  const bearer = () => `authorization: Bearer ${at().token}`;
  const ORDER = ["POST /api/v1/save-view HTTP/1.1", "content-type: application/json"];
  const BODY = '{"name":"a","page":"/spend","query":""}';
  const ask = (lines: readonly string[], body = "", hangsUp = false) => {
    const [first = "", ...rest] = lines;
    return rawRequest(at().server.url, [first, host(), bearer(), ...rest], body, { hangsUp });
  };

  it.each<[what: string, lines: readonly string[], body: string, status: number]>([
    ["a length that is too short", [...ORDER, "content-length: 5"], BODY, 400],
    ["a length that is none", [...ORDER, "content-length: -1"], BODY, 400],
    ["a chunk whose size is none", [...ORDER, "transfer-encoding: chunked"], `zz\r\n${BODY}\r\n0\r\n\r\n`, 400],
    ["a chunk beyond any size", [...ORDER, "transfer-encoding: chunked"], `${"f".repeat(17)}\r\n{}\r\n`, 400],
    ["a zero in the address", ["GET /api/v1/\u0000 HTTP/1.1"], "", 400],
    ["an address in overlong UTF-8", ["GET /api/v1/\u00c0\u00af HTTP/1.1"], "", 400],
    ["an address that climbs", ["GET /../../etc/passwd HTTP/1.1"], "", 404],
    ["an address that climbs, spelled out", ["GET /api/v1/%2e%2e/%2e%2e/etc/passwd HTTP/1.1"], "", 404],
    ["a second Host", ["GET /healthz HTTP/1.1", "host: evil.example"], "", 421],
    ["thousands of headers", ["GET /healthz HTTP/1.1", ...Array.from({ length: 3_000 }, (_, i) => `h${i}:1`)], "", 431],
  ])("of %s are refused", async (_, lines, body, status) => {
    const before = at().version();
    expect((await ask(lines, body)).status).toBe(status);
    expect(at().version()).toEqual(before);
  });

  it("of two hundred headers are a request like any other", async () => {
    const headers = Array.from({ length: 200 }, (_, i) => `x-h${i}: 1`);
    expect((await ask(["GET /healthz HTTP/1.1", ...headers])).status).toBe(200);
  });

  it("that end before they said are nobody's order, and no fault of ours", async () => {
    const before = at().version();
    await ask([...ORDER, "content-length: 5000"], BODY, true);
    await ask([...ORDER, "transfer-encoding: chunked"], `5\r\n{"nam`, true);
    expect((await ask(["GET /healthz HTTP/1.1"])).status).toBe(200);
    expect(at().version()).toEqual(before);
    expect(at().api.events.filter(({ level }) => level === "error")).toEqual([]);
  });
});

describe("an address", () => {
  it.each([
    "/api//v1/status",
    "//api/v1/status",
    "/api/v1//status",
    "/api/v1/status/",
    "/api/v1/status%00",
    "/api/v1/%c0%af",
    "/api/v1/..%2f..%2fetc",
    "/api/v1/%ff",
    "/assets/%2e%2e/%2e%2e/package.json",
  ])("%s leads nowhere", async (path) => {
    expect((await refused(() => at().api.get(path, at().token))).status).toBe(404);
  });

  it.each(["OPTIONS", "PUT", "DELETE", "PATCH"])("is not answered to %s", async (method) => {
    const headers = { host: "127.0.0.1", authorization: `Bearer ${at().token}` };
    const answer = await at().api.app.request("/api/v1/status", { method, headers });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });
});

describe("a range", () => {
  const ask = (question: string) => refused(() => at().api.get(`/api/v1/${question}`, at().token));

  it.each<[question: string, field: string]>([
    ["report?metric=cost&from=2026-10-31&to=2026-10-30", "from"],
    ["report?metric=cost&from=1926-01-01&to=2026-10-31", "from"],
    ["report?metric=cost&from=0000-01-01", "from"],
    ["report?metric=cost&from=275760-09-13", "from"],
    ["report?metric=cost&from=%2B275760-09-13", "from"],
    ["report?metric=cost&from=9999-12-31", "from"],
    ["report?metric=cost&to=9999-12-31", "to"],
    ["report?metric=cost&from=2026-02-30", "from"],
    ["report?metric=cost&from=2026-10-30T00:00:00", "from"],
    ["report?metric=cost&from=2026-10-30T00:00:00%2B14:00", "from"],
    ["report?metric=cost&from=2026-06-30T23:59:60Z", "from"],
    ["report?metric=cost&from=", "from"],
    ["report?metric=cost&from=2026-10-30&from=2026-10-29", "from"],
    ["report?metric=cost&grain=hour", "grain"],
    ["report?metric=cost&by=nothing", "by"],
    ["report?metric=cost&page=0", "page"],
    ["report?metric=cost&limit=0", "limit"],
    ["report?metric=cost&limit=-1", "limit"],
    ["report?metric=cost&limit=1.5", "limit"],
    ["report?metric=cost&limit=1000000", "limit"],
    ["report?metric=cost&limit=1e9", "limit"],
    ["report?metric=cost&cursor=-1", "cursor"],
    ["list-people-usage?sort=nothing", "sort"],
    ["list-members?limit=1000000000", "limit"],
    ["list-audit?limit=0", "limit"],
    ["list-audit?before=-1", "before"],
    ["list-runs?most=-1", "most"],
    ["list-runs?most=1000000000", "most"],
    ["preview-retention?identityDays=91", "identityDays"],
    ["preview-retention?identityDays=92.5", "identityDays"],
    ["preview-retention?identityDays=1e9", "identityDays"],
    ["preview-retention?identityDays=%EF%BC%99%EF%BC%99%EF%BC%99", "identityDays"],
    ["overview?asOf=9999-12-31", "asOf"],
    ["overview?asOf=2026-02-30", "asOf"],
    ["overview?asOf=2026-10-30T00:00:00%2B14:00", "asOf"],
    ["overview?asOf=20261030", "asOf"],
    ["overview?asOf=", "asOf"],
    ["overview?asOf=2026-10-30&asOf=2026-10-29", "asOf"],
  ])("in %s is refused at its field", async (question, field) => {
    expect(await ask(question)).toEqual({ status: 422, field });
  });

  it("of one day is one", async () => {
    const answer = await at().api.get("/api/v1/report?metric=cost&from=2026-10-30&to=2026-10-30", at().token);
    expect(await answer.json()).toMatchObject({ range: { from: "2026-10-30", to: "2026-10-30" } });
  });

  it.each([
    ["index=-1", "index"],
    ["index=1000000", "index"],
    ["index=9223372036854775808", "index"],
    ["index=1e3", "index"],
    ["stream=../users&key=a", "stream"],
  ])("of the ledger in prove-record?%s is refused", async (question, field) => {
    expect(await ask(`prove-record?${question}`)).toEqual({ status: 422, field });
  });

  it("of the ledger ends with what is signed", async () => {
    const summary = await (await at().api.get("/api/v1/ledger-summary", at().token)).json();
    const { size } = (summary as { ledger: { checkpoint: { size: number } } }).ledger.checkpoint;
    expect(await ask(`prove-record?index=${size}`)).toEqual({ status: 422, field: "index" });
    expect((await at().api.get(`/api/v1/prove-record?index=${size - 1}`, at().token)).status).toBe(200);
  });
});

describe("an id", () => {
  const IDS = ["' or 1=1--", "../../etc/passwd", "x".repeat(100_000), "v_0000000000000000", "a\u0000b", "%", ""];
  const ORDERS: readonly (readonly [order: string, member: string, more: object])[] = [
    ["delete-view", "id", {}],
    ["revoke-token", "id", {}],
    ["revoke-grant", "id", {}],
    ["end-session", "session", {}],
    ["disconnect", "connection", {}],
    ["remove-person", "personId", {}],
    ["change-account", "account", { role: "viewer" }],
    ["set-actor-owner", "person", { actor: "key:x" }],
    ["approve-change", "id", {}],
    ["decline-change", "id", {}],
    ["delete-budget", "id", {}],
    ["save-budget", "id", { name: "a", scope: "organization", period: "month", amountUsd: "5" }],
    ["set-anomaly-state", "id", { state: "resolved" }],
    ["reset-second-factor", "account", {}],
  ];
  const QUESTIONS = ["person-usage?personId=", "get-change?id=", "list-sessions?account=", "prove-record?stream="];

  it.each(ORDERS)("for %s that is none changes nothing", async (order, member, more) => {
    for (const id of IDS) {
      const body = { ...more, [member]: id };
      const { status } = await refused(() => at().api.post(`/api/v1/${order}`, null, body, { cookie: admin }));
      // A change of which nothing is known is not there, or writing is off.
      expect([403, 404, 422]).toContain(status);
    }
  });

  it.each(QUESTIONS)("in %s that is none is answered with nothing", async (question) => {
    for (const id of IDS) {
      const path = `/api/v1/${question}${encodeURIComponent(id.slice(0, 4_000))}`;
      // Whoever looked for a person looked, whether there is one or not.
      const told = await refused(() => at().api.get(path, at().token), { leavesTrace: question.startsWith("person-") });
      expect([404, 422]).toContain(told.status);
    }
  });
});

describe("who asks", () => {
  const status = async (headers: Record<string, string>, path = "/api/v1/status") =>
    (await at().api.get(path, null, headers)).status;

  async function kept(changed: { expiresMs?: number; scopes?: readonly Permission[] } = {}) {
    const { store, scope, clock } = at().bursar;
    const made = newApiToken(random);
    const now = clock.now();
    const { expiresMs = now + 1_000, scopes = ["read"] } = changed;
    const { tokenId, secretHash } = made;
    const times = { createdMs: now - 2_000, expiresMs, usedMs: null };
    await store.write((tx) =>
      insertApiToken(tx, scope, { tokenId, accountId: null, name: "x", secretHash, scopes, ...times }),
    );
    return made;
  }

  it.each<[what: string, expected: number, headers: () => Promise<Record<string, string>>]>([
    ["nobody", 401, async () => ({})],
    ["a token", 200, async () => ({ authorization: `Bearer ${at().token}` })],
    ["a token under bearer in small letters", 200, async () => ({ authorization: `bearer ${at().token}` })],
    ["a token without a word before it", 401, async () => ({ authorization: at().token })],
    ["two tokens in a header", 401, async () => ({ authorization: `Bearer ${at().token}, Bearer ${at().token}` })],
    [
      "a token that ended now",
      401,
      async () => ({ authorization: `Bearer ${(await kept({ expiresMs: at().bursar.clock.now() })).text}` }),
    ],
    [
      "a token that was revoked",
      401,
      async () => {
        const { text, tokenId } = await kept();
        await at().bursar.store.write((tx) => deleteApiToken(tx, at().bursar.scope, tokenId));
        return { authorization: `Bearer ${text}` };
      },
    ],
    [
      "a token of another scope",
      403,
      async () => ({ authorization: `Bearer ${(await kept({ scopes: ["export"] })).text}` }),
    ],
    [
      "an unsigned web token",
      401,
      async () => ({ authorization: `Bearer ${[{ alg: "none" }, { sub: "admin" }].map(encoded).join(".")}.` }),
    ],
    ["an account that was disabled", 401, async () => ({ cookie: await session("admin", true) })],
  ])("is told apart: %s", async (_, expected, headers) => {
    expect(await status(await headers())).toBe(expected);
  });

  it("twice in two headers is nobody", async () => {
    const { host } = new URL(at().server.url);
    const lines = [`authorization: Bearer ${at().token}`, "authorization: Bearer x"];
    for (const two of [lines, lines.toReversed(), [lines[0]!, lines[0]!]]) {
      const asked = await rawRequest(at().server.url, ["GET /api/v1/status HTTP/1.1", `host: ${host}`, ...two]);
      expect(asked.status).toBe(401);
    }
  });

  it("with a cookie alone gives no order that a form could have sent", async () => {
    const order = (headers: Record<string, string>) =>
      at().api.app.request("/api/v1/sync", {
        method: "POST",
        headers: { host: "127.0.0.1", cookie: admin, ...headers },
        body: "{}",
      });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
      expect((await order({ "content-type": type })).status).toBe(415);
    expect((await order({ "content-type": "application/json", "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect(at().api.syncs.orders).toEqual([]);
  });
});

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
