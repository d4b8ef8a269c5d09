import { describe, expect, it } from "vitest";

import { issueLink } from "../../src/access/index.ts";
import { clientAddress } from "../../src/api/index.ts";
import { deleteApiToken } from "../../src/store/index.ts";
import { ownAddress } from "../../src/web/shell/own-address.ts";
import { testApi, type TestApi } from "../support/api.ts";
import { testRandom, withBursar, withSyncedBursar, type TestBursar } from "../support/bursar.ts";
import { held } from "../support/held.ts";

const MANY = { requestsPerMinute: 1e9, anonymousPerMinute: 1e9, probesPerMinute: 1e9 };

const at = held<{ bursar: TestBursar; api: TestApi; token: string }>((use) =>
  withSyncedBursar(async (bursar) => {
    const api = await testApi({ ...bursar, limits: MANY });
    await use({ bursar, api, token: await api.token() });
  }),
);

const head = (api: TestApi, path: string, token: string) =>
  api.app.request(path, { method: "HEAD", headers: { host: "127.0.0.1", authorization: `Bearer ${token}` } });

/** Of a token, as lists and trails name it. */
const idOf = (token: string) => `t_${token.split("_")[1]!}`;

describe("names that every object has", () => {
  const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  const QUESTIONS = [
    "report?metric=NAME",
    "report?metric=cost&by=NAME",
    "report?metric=cost&where=NAME%3Dx",
    "report?metric=cost&kind=NAME",
    "report?metric=cost&NAME=1",
    "summary?metrics=NAME",
    "spend-by?by=NAME",
    "list-people-usage?sort=NAME",
    "export-rows?rows=NAME",
    "find-records?stream=NAME",
    "prove-record?stream=NAME&key=a",
  ];

  it.each(QUESTIONS)("are unknown to %s", async (question) => {
    for (const name of NAMES) {
      const answer = await at().api.get(`/api/v1/${question.replace("NAME", name)}`, at().token);
      expect([name, answer.status]).toEqual([name, 422]);
    }
  });

  it("are no operations, and as values mean themselves", async () => {
    for (const name of NAMES) {
      expect((await at().api.get(`/api/v1/${name}`, at().token)).status).toBe(404);
      const path = `/api/v1/report?metric=cost&by=model&where=model%3D${name}`;
      const found = (await (await at().api.get(path, at().token)).json()) as { rows: unknown[]; total: object };
      expect(found).toMatchObject({ rows: [], total: { value: "0.00" } });
    }
  });

  it("change nothing as settings", async () => {
    for (const body of ['{"settings":{"__proto__":{"activeRule":"token"}}}', '{"settings":{"constructor":1}}'])
      expect((await at().api.post("/api/v1/change-settings", at().token, body)).status).toBe(422);
    expect(({} as Record<string, unknown>)["activeRule"]).toBe(undefined);
  });
});

describe("a body or a value", () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;

  it.each(["/auth/sign-in", "/auth/link"])("larger than a name and a password is not read at %s", async (path) => {
    const body = JSON.stringify({ email: "a".repeat(20_000), password: "x", token: "x" });
    const answer = await at().api.post(path, null, body);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, "api.body_too_large"]);
  });

  it("that says no length is given up at the same size", async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(8 * 1024).fill(32));
      },
    });
    const answer = await at().api.app.request("/auth/sign-in", {
      method: "POST",
      headers: { host: "127.0.0.1", "content-type": "application/json" },
      body: endless,
      duplex: "half",
    });
    expect(answer.status).toBe(413);
    expect(pulled).toBeLessThan(10);
  });

  it("nested without end is refused", async () => {
    const { api, token } = at();
    for (const [name, body] of [
      ["save-view", deep],
      ["save-view", `{"name":${deep}}`],
      ["change-settings", `{"settings":{"privacy.mode":${deep}}}`],
      ["create-token", `{"name":"x","scopes":${deep}}`],
    ] as const)
      expect([name, (await api.post(`/api/v1/${name}`, token, body)).status]).toEqual([name, 422]);
    const key = `${"[".repeat(3_000)}${"]".repeat(3_000)}`;
    const answer = await api.get(`/api/v1/prove-record?stream=users&key=${key}`, token);
    expect([answer.status, await answer.json()]).toEqual([422, expect.objectContaining({ field: "key" })]);
  });

  it("that is packed is never unpacked", async () => {
    const answer = await at().api.post("/api/v1/save-view", at().token, "\u001f\u008b", { "content-encoding": "gzip" });
    expect(answer.status).toBe(422);
  });
});

describe("HEAD of what goes on and on", () => {
  it("opens nothing, so that the caller's own exports and events go on", async () => {
    const { api, token } = at();
    for (let times = 0; times < 8; times += 1) {
      for (const path of ["export-rows?rows=users", "ledger-export", "events"]) {
        const answer = await head(api, `/api/v1/${path}`, token);
        expect([path, answer.status, answer.headers.get("allow")]).toEqual([path, 405, "GET"]);
      }
    }
    expect(await (await api.get("/api/v1/export-rows?rows=users", token)).text()).not.toBe("");
    const events = await api.get("/api/v1/events", token);
    expect(events.status).toBe(200);
    await events.body?.cancel();
  });
});

describe("a reader", () => {
  it("who takes nothing of an export does not hold the record open", async () => {
    const { bursar } = at();
    const api = await testApi({ ...bursar, limits: { ...MANY, patienceMs: 10 } });
    const token = await api.token();
    const left = await api.get("/api/v1/export-rows?rows=usage_by_key", token);
    const next = async () => (await api.get("/api/v1/export-rows?rows=users", token)).status;
    await expect.poll(next).toBe(200);
    await expect(left.text()).rejects.toThrow("the reader was away");
  });

  it("of events hears nothing more once the token does not count", async () => {
    const { bursar } = at();
    const api = await testApi({ ...bursar, limits: { ...MANY, heartbeatMs: 5 } });
    const [kept, lost] = [await api.token(), await api.token()];
    const [stays, ends] = [await api.get("/api/v1/events", kept), await api.get("/api/v1/events", lost)];
    expect(await bursar.store.write((tx) => deleteApiToken(tx, bursar.scope, idOf(lost)))).toBe(true);
    // It ends by itself; otherwise this would wait for ever.
    await ends.text();
    const reader = stays.body!.getReader();
    expect((await reader.read()).done).toBe(false);
    await reader.cancel();
  });
});

describe("an entity tag", () => {
  const PATH = "/api/v1/overview?from=2026-10-20&to=2026-10-31";

  it("of one caller tells nothing to another, nor to the same with other rights", async () => {
    const { api, token } = at();
    const other = await api.token();
    const fewer = await api.token(["read"]);
    const tag = (await api.get(PATH, token)).headers.get("etag")!;
    expect((await api.get(PATH, token, { "if-none-match": tag })).status).toBe(304);
    for (const one of [other, fewer, await api.token(["read"], "elsewhere")])
      expect((await api.get(PATH, one, { "if-none-match": tag })).status).toBe(200);
    expect((await api.get(PATH, await api.token(["export"]), { "if-none-match": tag })).status).toBe(403);
    expect([401, 403]).toContain((await api.get(PATH, null, { "if-none-match": tag })).status);
  });

  it("that stands for any is no answer to what cannot be asked", async () => {
    const { api, token } = at();
    for (const wrong of ["/api/v1/report?metric=nonsense", "/api/v1/report?metric=cost&cursor=x"])
      expect((await api.get(wrong, token, { "if-none-match": "*" })).status).toBe(422);
  });

  it("of names is none of pseudonyms or of teams", async () => {
    const { api } = at();
    const path = "/api/v1/report?metric=sessions&by=person&from=2026-10-20&to=2026-10-31";
    const [named, reader] = [await api.token(["read", "people"]), await api.token(["read"])];
    const first = await api.get(path, named);
    const names = await first.text();
    expect(names).toContain("@");
    const tags = new Set([first.headers.get("etag")]);
    for (const mode of ["teams", "pseudonymous", "teams"]) {
      const settings = { "privacy.mode": mode };
      expect((await api.post("/api/v1/change-settings", at().token, { settings })).status).toBe(200);
      const answer = await api.get(path, reader, { "if-none-match": [...tags].join(", ") });
      expect([mode, answer.status === 304]).toEqual([mode, false]);
      expect(await answer.text()).not.toContain("@");
      tags.add(answer.headers.get("etag"));
    }
  });
});

describe("a cursor", () => {
  it("of another question, another caller or another's making opens nothing", async () => {
    const { api, token } = at();
    const path = "/api/v1/report?metric=tokens&by=model&grain=day&from=2026-10-20&to=2026-10-31&limit=2";
    const { nextCursor } = (await (await api.get(path, token)).json()) as { nextCursor: string };
    const forged = Buffer.from(`0.${"A".repeat(22)}`).toString("base64url");
    const shifted = Buffer.from(Buffer.from(nextCursor, "base64url").toString().replace(/^\d+/, "-1")).toString(
      "base64url",
    );
    expect((await api.get(`${path}&cursor=${nextCursor}`, token)).status).toBe(200);
    for (const [cursor, who] of [
      [nextCursor, await api.token()],
      [forged, token],
      [shifted, token],
    ] as const)
      expect([409, 410, 422]).toContain((await api.get(`${path}&cursor=${cursor}`, who)).status);
    const other = path.replace("tokens", "requests");
    expect([409, 410, 422]).toContain((await api.get(`${other}&cursor=${nextCursor}`, token)).status);
  });
});

describe("an address", () => {
  const of = (peer: string) =>
    clientAddress(
      { env: { incoming: { socket: { remoteAddress: peer } } }, req: { header: () => undefined } } as never,
      {
        trustedProxies: [],
      },
    );

  it.each([
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:0DB8:1:2::", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["64:ff9b::192.0.2.1", "64:ff9b:0:0::/64"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["192.0.2.1", "192.0.2.1"],
  ])("%s is limited as %s: who has one of a network has them all", (peer, limited) => {
    expect(of(peer)).toBe(limited);
  });

  it("of this machine is nobody else's when a proxy here asks for somebody", async () => {
    const { bursar } = at();
    const api = await testApi({ ...bursar, settings: { metrics: "loopback" } });
    expect((await api.get("/metrics", null)).status).toBe(200);
    for (const name of ["x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via"])
      expect([name, (await api.get("/metrics", null, { [name]: "203.0.113.9" })).status]).toEqual([name, 403]);
  });
});

describe("what is sent on", () => {
  it.each([
    ["/spend?from=2026-10-01#x", "/spend?from=2026-10-01#x"],
    ["/", "/"],
    ["//evil.example/", "/"],
    ["/\\evil.example", "/"],
    ["/\t/evil.example", "/"],
    ["/\n/evil.example", "/"],
    ["https://evil.example/", "/"],
    ["javascript:alert(1)", "/"],
    ["spend", "/"],
    ["", "/"],
    ["http://[", "/"],
  ])("after signing in to %j leads to %s", (next, leads) => {
    expect(ownAddress(next, "https://bursar.example.com")).toBe(leads);
  });

  it.each(["//evil", "/spend//x", "/../x", "https://evil.example", "/a?b", "/a\n"])(
    "as the page of a shared view is not %j",
    async (page) => {
      const view = { name: "x", page, query: "", shared: true };
      expect((await at().api.post("/api/v1/save-view", at().token, view)).status).toBe(422);
    },
  );

  it("in a CSV starts no formula", async () => {
    const { api, token } = at();
    const person = { name: '=HYPERLINK("http://evil")', emails: ["+1@x.io"], team: "@SUM(1)", costCentre: "-2+3" };
    expect((await api.post("/api/v1/save-person", token, person)).status).toBe(200);
    const csv = await (await api.get("/api/v1/list-people", token, { accept: "text/csv" })).text();
    expect(csv).toContain(`"'=HYPERLINK(""http://evil"")",'+1@x.io,'@SUM(1),'-2+3`);
    expect(csv).not.toMatch(/(^|[,"])[=+@]/m);
  });
});

describe("a look at somebody", () => {
  it("is paid for before it is written down for good", async () => {
    const { bursar } = at();
    const api = await testApi({ ...bursar, limits: { requestsPerMinute: 3 } });
    const token = await api.token();
    const statuses: number[] = [];
    for (let times = 0; times < 6; times += 1)
      statuses.push((await api.get(`/api/v1/person-usage?email=nobody${times}@x.io`, token)).status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(3);
    const found = await (await at().api.get("/api/v1/list-audit?limit=200", at().token)).json();
    const { rows } = found as { rows: { event: string; by: string }[] };
    const looks = rows.filter((row) => row.event === "people.looked_at" && row.by === `token:${idOf(token)}`);
    expect(looks.length).toBeGreaterThan(0);
    expect(looks.length).toBeLessThan(4);
  });
});

describe("signing in", () => {
  const OWNER = { email: "ada@example.com", name: "Ada", password: "violet anchor plum 7" };

  function withOwner(use: (api: TestApi, cookie: string) => Promise<void>): Promise<void> {
    return withBursar({}, async ({ store, clock }) => {
      const api = await testApi({ store, clock, limits: MANY });
      const issued = await store.write((tx) => issueLink(tx, { clock, random: testRandom }, { purpose: "setup" }));
      const made = await api.post("/auth/link", null, { token: issued.token, ...OWNER });
      await use(api, cookieOf(made));
    });
  }
  const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]!.split(";")[0]!;
  const me = async (api: TestApi, cookie: string) => {
    const answer = await api.get("/auth/me", null, { cookie });
    return ((await answer.json()) as { account: { email: string } | null }).account?.email ?? null;
  };

  it("gives a session of its own: one that was planted before opens nothing, one that was there ends", () =>
    withOwner(async (api, first) => {
      const planted = `bursar=${"A".repeat(43)}`;
      const one = cookieOf(await api.post("/auth/sign-in", null, OWNER, { cookie: planted }));
      expect(one).not.toBe(planted);
      expect([await me(api, planted), await me(api, one)]).toEqual([null, OWNER.email]);
      const other = cookieOf(await api.post("/auth/sign-in", null, OWNER, { cookie: first }));
      expect([await me(api, first), await me(api, other)]).toEqual([null, OWNER.email]);
      expect(await me(api, `${one}; ${planted}`)).toBe(null);
    }));

  it("says the same of a wrong password as of nobody, and notes neither", () =>
    withOwner(async (api, cookie) => {
      const invite = { email: "bob@example.com" };
      expect((await api.post("/api/v1/invite-account", null, invite, { cookie })).status).toBe(200);
      const refused = async (email: string) => {
        const answer = await api.post("/auth/sign-in", null, { email, password: "SECRETSECRET" });
        const { requestId: _requestId, ...said } = (await answer.json()) as Record<string, unknown>;
        return JSON.stringify([answer.status, said, answer.headers.getSetCookie()]);
      };
      const nobody = await refused("eve@example.com");
      expect([await refused(OWNER.email), await refused(invite.email)]).toEqual([nobody, nobody]);
      expect(nobody).not.toContain("eve@");
      expect(JSON.stringify(api.events)).not.toMatch(/SECRET|@example/);
    }));

  it("can be asked of nobody else's page", () =>
    withOwner(async (api) => {
      for (const headers of [
        { origin: "https://evil.example" },
        { "sec-fetch-site": "cross-site" },
        { "content-type": "text/plain" },
        { "content-type": "application/x-www-form-urlencoded" },
      ])
        for (const path of ["/auth/sign-in", "/auth/sign-out", "/auth/link", "/api/v1/create-token"]) {
          const answer = await api.post(path, null, OWNER, headers);
          expect([path, [403, 415].includes(answer.status)]).toEqual([path, true]);
          expect(answer.headers.getSetCookie()).toEqual([]);
        }
    }));
});
