import { describe, expect, it } from "vitest";

import { DEFAULT_TENANT } from "../../src/domain/index.ts";
import { testApi } from "../support/api.ts";
import { withBursar, withSyncedBursar, type TestBursar } from "../support/bursar.ts";
import type { TestApi, TestApiOptions } from "../support/api.ts";

interface With extends TestApi {
  readonly bursar: TestBursar;
  readonly all: string;
  json(path: string, token?: string | null): Promise<Record<string, unknown>>;
}

const REPORT = "/api/v1/report?metric=cost&by=model&from=2026-10-20&to=2026-10-31";

function withApi(use: (api: With) => Promise<void>, options: Partial<TestApiOptions> = {}): Promise<void> {
  return withSyncedBursar(async (bursar) => {
    const api = await testApi({ store: bursar.store, clock: bursar.clock, ...options });
    const all = await api.token();
    await use({
      ...api,
      bursar,
      all,
      json: async (path, token = all) => (await (await api.get(path, token)).json()) as Record<string, unknown>,
    });
  });
}

/** As the configuration has it. */
const MORE_THAN_IS_TOLD = { clientSecretFile: { path: "/run/secrets/CANARY", field: "x" } };

describe("a read operation", () => {
  it("answers what the operation gives", () =>
    withApi(async ({ json }) => {
      const { rows, unit, completeThrough } = await json(REPORT);
      expect(unit).toBe("usd");
      expect(completeThrough).toBe("2026-10-31");
      expect((rows as unknown[]).length).toBeGreaterThan(1);
    }));

  it("reads lists, conditions, numbers and truth from the address", () =>
    withApi(async ({ json }) => {
      const whole = await json(REPORT);
      const [first] = whole["rows"] as { model: string; value: string }[];
      const one = await json(`${REPORT}&where=${encodeURIComponent(`model=${first!.model}`)}`);
      expect(one["rows"]).toEqual([first]);
      expect((await json("/api/v1/list-runs?most=1"))["runs"]).toHaveLength(1);
    }));

  it.each([
    ["/api/v1/report?metric=cost&bogus=1", "bogus"],
    ["/api/v1/report?metric=cost&metric=tokens", "metric"],
    ["/api/v1/report?metric=cost&grain=hour", "grain"],
    ["/api/v1/report?metric=cost&from=yesterday", "from"],
    ["/api/v1/report?metric=cost&limit=0", "limit"],
    ["/api/v1/report?metric=cost&cursor=abc", "cursor"],
    ["/api/v1/report?metric=cost&format=xml", "format"],
    ["/api/v1/list-runs?most=many", "most"],
    ["/api/v1/verify?dir=/etc", "dir"],
  ])("refuses %s and names the member", (path, field) =>
    withApi(async ({ get, all }) => {
      const answer = await get(path, all);
      expect(answer.status).toBe(422);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      const problem = (await answer.json()) as Record<string, unknown>;
      expect(problem).toMatchObject({ status: 422, field });
      expect(problem["type"]).toBe(`/problems/${String(problem["code"])}`);
      expect(problem["requestId"]).toBe(answer.headers.get("x-request-id"));
    }),
  );

  it("is asked for with GET, an order with POST", () =>
    withApi(async ({ get, post, app, all }) => {
      const wrong = await post("/api/v1/report", all, { metric: "cost" });
      expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
      const order = await get("/api/v1/sync", all);
      expect([order.status, order.headers.get("allow")]).toEqual([405, "POST"]);
      const headers = { host: "localhost", authorization: `Bearer ${all}` };
      expect((await app.request("/api/v1/report", { method: "DELETE", headers })).status).toBe(405);
      const head = await app.request("/api/v1/status", { method: "HEAD", headers });
      expect([head.status, await head.text()]).toEqual([200, ""]);
    }));

  it.each(["doctor", "digest", "add-tenant", "list-tenants", "export-ledger", "nothing", "constructor"])(
    "of the name %s is not served",
    (name) =>
      withApi(async ({ get, post, all }) => {
        expect((await get(`/api/v1/${name}`, all)).status).toBe(404);
        expect((await post(`/api/v1/${name}`, all, {})).status).toBe(404);
      }),
  );
});

describe("a caller", () => {
  it("without credentials, or with wrong ones, gets 401 and nothing else", () =>
    withApi(async ({ get }) => {
      expect((await get(REPORT, null)).status).toBe(403); // nobody has set it up yet
      const answer = await get(REPORT, `bursar_${"0".repeat(12)}_${"0".repeat(64)}_00000000`);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    }));

  it("without the permission gets 403, also for an answer that is ready", () =>
    withApi(async ({ get, token, all }) => {
      const own = await token(["own"]);
      expect((await get(REPORT, all)).status).toBe(200);
      expect((await get(REPORT, own)).status).toBe(403);
      expect((await get("/api/v1/list-people", await token(["read", "export"]))).status).toBe(403);
    }));

  it("gets 404 for the tenant of others, whether it exists or not", () =>
    withApi(async ({ get, token, all }) => {
      const other = await token(["read"], "other");
      for (const path of ["/api/v1/status", "/api/v1/me/capabilities", "/api/v1/events"]) {
        expect((await get(`${path}?tenant=other`, all)).status).toBe(404);
        expect((await get(`${path}?tenant=none`, all)).status).toBe(404);
        expect((await get(path, other, { "x-bursar-tenant": DEFAULT_TENANT })).status).toBe(404);
      }
      const empty = (await (await get("/api/v1/status", other)).json()) as { tenant: string; connections: unknown[] };
      expect(empty).toMatchObject({ tenant: "other", connections: [] });
    }));

  it("learns which kinds of data there are", () =>
    withApi(async ({ json }) => {
      const { anthropic } = await json("/api/v1/me/capabilities");
      expect(anthropic).toMatchObject({ admin_api: false, code_analytics: false });
    }));
});

it("tells how the server is configured to whoever sets it up, and no secret", () =>
  withBursar({}, async ({ store, clock }) => {
    const { get, token } = await testApi({
      store,
      clock,
      settings: {
        publicUrl: new URL("https://bursar.example.com"),
        trustedProxies: ["10.0.0.2"],
        sso: {
          issuer: "https://login.example.com",
          clientId: "bursar",
          roleClaim: "groups",
          roleMap: [{ value: "leads", role: "admin", tenant: "default" }],
          label: "Example",
          ...MORE_THAN_IS_TOLD,
        },
      },
    });
    const host = { host: "bursar.example.com" };
    const answer = await get("/api/v1/server", await token(["settings"]), host);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({
      publicUrl: "https://bursar.example.com",
      isTls: true,
      trustedProxies: ["10.0.0.2"],
      sso: { label: "Example", roles: [{ value: "leads", role: "admin" }] },
    });
    expect(text).not.toContain("CANARY");
    expect((await get("/api/v1/server", await token(["read", "own"]), host)).status).toBe(403);
  }));

describe("an entity tag", () => {
  it("spares an answer that the client has", () =>
    withApi(async ({ get, all }) => {
      const first = await get(REPORT, all);
      const etag = first.headers.get("etag")!;
      expect(first.headers.get("cache-control")).toBe("private, no-cache");
      const again = await get(REPORT, all, { "if-none-match": etag });
      expect([again.status, await again.text()]).toEqual([304, ""]);
      expect(again.headers.get("etag")).toBe(etag);
      expect((await get(REPORT, all, { "if-none-match": `W/${etag}` })).status).toBe(304);
      expect((await get(REPORT, all, { "if-none-match": '"another"' })).status).toBe(200);
    }));

  it("changes with the question, the form, the rights, the day and the record", () =>
    withApi(async ({ get, token, all, post, bursar }) => {
      const etagOf = async (path: string, who = all, headers = {}) =>
        (await get(path, who, headers)).headers.get("etag");
      const first = await etagOf(REPORT);
      expect(await etagOf(REPORT)).toBe(first);
      expect(await etagOf("/api/v1/report?to=2026-10-31&from=2026-10-20&by=model&metric=cost")).toBe(first);
      const others = [
        await etagOf(`${REPORT}&by=workspace`),
        await etagOf(REPORT, all, { accept: "text/csv" }),
        await etagOf(REPORT, await token(["read"])),
      ];
      await post("/api/v1/save-view", all, { name: "x", page: "spend", query: "" });
      others.push(await etagOf(REPORT));
      bursar.clock.set(bursar.clock.now() + 86_400_000);
      others.push(await etagOf(REPORT));
      await bursar.sync();
      bursar.clock.set(bursar.clock.now() + 1_000);
      others.push(await etagOf(REPORT));
      expect(new Set([first, ...others]).size).toBe(1 + others.length);
    }));

  it("is not given to answers that age with the clock, or that leave a trace", () =>
    withApi(async ({ get, all }) => {
      const answer = await get("/api/v1/status", all);
      expect([answer.headers.get("etag"), answer.headers.get("cache-control")]).toEqual([null, "no-store"]);
    }));
});

describe("equal questions", () => {
  it("at one time are computed once", () =>
    withApi(async ({ get, contextOf, bursar, all }) => {
      let reads = 0;
      const counting = { ...bursar.store, read: (work: never) => ((reads += 1), bursar.store.read(work)) };
      const api = await testApi({
        ...bursar,
        parts: { contextOf: (tenant) => ({ ...contextOf(tenant), store: counting as typeof bursar.store }) },
      });
      await api.get("/api/v1/list-connections", all);
      const once = reads;
      const answers = await Promise.all(Array.from({ length: 20 }, () => api.get(REPORT, all)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const many = reads - once;
      reads = 0;
      await api.get(`${REPORT}&population=all`, all);
      expect(many).toBe(reads);
      expect((await get(REPORT, all)).status).toBe(200);
    }));
});

describe("pages of a list", () => {
  it("give each entry once, in order, and end", () =>
    withApi(async ({ json }) => {
      const whole = (await json(REPORT))["rows"] as unknown[];
      const walked: unknown[] = [];
      let cursor: string | null = "";
      for (let page = 0; cursor !== null && page < 50; page += 1) {
        const part: Record<string, unknown> = await json(
          `${REPORT}&limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`,
        );
        walked.push(...(part["rows"] as unknown[]));
        cursor = part["nextCursor"] as string | null;
      }
      expect(cursor).toBeNull();
      expect(walked).toEqual(whole);
    }));

  it("end when the record or the question changes in between", () =>
    withApi(async ({ json, get, post, all }) => {
      const { nextCursor } = await json(`${REPORT}&limit=1`);
      expect((await get(`${REPORT}&population=humans&limit=1&cursor=${String(nextCursor)}`, all)).status).toBe(410);
      await post("/api/v1/save-view", all, { name: "y", page: "spend", query: "" });
      const answer = await get(`${REPORT}&limit=1&cursor=${String(nextCursor)}`, all);
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([410, "api.cursor_outdated"]);
    }));
});

describe("CSV", () => {
  it("has the rows of the answer", () =>
    withApi(async ({ get, json, all }) => {
      const rows = (await json(REPORT))["rows"] as Record<string, unknown>[];
      const answer = await get(REPORT, all, { accept: "text/csv" });
      expect(answer.headers.get("content-type")).toContain("text/csv");
      expect(answer.headers.get("content-disposition")).toBe('attachment; filename="report.csv"');
      const [header, ...lines] = (await answer.text()).trimEnd().split("\r\n");
      expect(header!.split(",")).toEqual(Object.keys(rows[0]!));
      expect(lines).toHaveLength(rows.length);
      expect(await (await get(`${REPORT}&format=csv`, all)).text()).toContain(header!);
    }));

  it("of a list that was cut says so, and where it goes on", () =>
    withApi(async ({ get, all }) => {
      const path = "/api/v1/list-people-usage?format=csv&limit=2";
      const part = await get(path, all);
      expect(part.headers.get("x-next-offset")).toBe("2");
      expect(part.headers.get("content-disposition")).toBe('attachment; filename="list-people-usage-not-all.csv"');
      const rest = await get(`${path}&offset=2&limit=5000`.replace("&limit=2", ""), all);
      expect(rest.headers.get("x-next-offset")).toBeNull();
    }));

  it("is refused where there is no table", () =>
    withApi(async ({ get, all }) => {
      expect((await get("/api/v1/my-usage", all, { accept: "text/csv" })).status).not.toBe(200);
    }));

  it("of an export comes row by row, as JSON lines or CSV", () =>
    withApi(async ({ get, all }) => {
      const lines = (await (await get("/api/v1/export-rows?rows=users", all)).text()).trimEnd().split("\n");
      expect(lines.length).toBeGreaterThan(1);
      for (const line of lines) expect(JSON.parse(line)).toHaveProperty("id");
      const csv = await (await get("/api/v1/export-rows?rows=users", all, { accept: "text/csv" })).text();
      expect(csv.trimEnd().split("\r\n")).toHaveLength(lines.length + 1);
    }));
});

describe("a fault of ours", () => {
  it("tells nothing of itself but the request id, under which it is logged", () =>
    withApi(async ({ contextOf, bursar, all }) => {
      const broken = { ...bursar.store, read: () => Promise.reject(new TypeError("secret sk-ant-admin01-abcdefgh")) };
      const api = await testApi({ ...bursar, parts: { contextOf: (of) => ({ ...contextOf(of), store: broken }) } });
      const answer = await api.get("/api/v1/list-connections", all);
      const text = await answer.text();
      expect(answer.status).toBe(500);
      expect(text).not.toMatch(/TypeError|secret|sk-ant|\.ts/);
      const { requestId } = JSON.parse(text) as { requestId: string };
      const logged = api.events.find(({ event }) => event === "http.fault");
      expect(logged?.fields).toMatchObject({ requestId, status: 500, path: "/api/v1/list-connections" });
      expect(JSON.stringify(api.events)).not.toContain("secret");
    }));
});
