import { describe, expect, it } from "vitest";

import type { HttpServer } from "../../src/app/http-server.ts";
import { testApi, type TestApi } from "../support/api.ts";
import { withBursar, type TestBursar } from "../support/bursar.ts";
import { held } from "../support/held.ts";
import { rawRequest } from "./raw-request.ts";

const at = held<{ bursar: TestBursar; api: TestApi; server: HttpServer; token: string }>((use) =>
  withBursar({}, async (bursar) => {
    const api = await testApi({ store: bursar.store, clock: bursar.clock });
    const server = await api.listen();
    await use({ bursar, api, server, token: await api.token() });
    await server.close();
  }),
);

const ask = (head: readonly string[], body = "") => rawRequest(at().server.url, head, body);
const host = () => `host: ${new URL(at().server.url).host}`;
const bearer = () => `authorization: Bearer ${at().token}`;
const json = (body: string) => ["content-type: application/json", `content-length: ${Buffer.byteLength(body)}`];

describe("the Host", () => {
  it.each(["127.0.0.1", "localhost", "[::1]", "LOCALHOST:7878"])("may be %s", async (name) => {
    expect((await ask(["GET /healthz HTTP/1.1", `host: ${name}`])).status).toBe(200);
  });

  it.each([
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:7878",
    "10.0.0.1",
    "a b",
    "evil.example#127.0.0.1",
  ])("may not be %s, for a page that points its own name here", async (name) => {
    for (const path of ["/healthz", "/api/v1/status", "/", "/auth/me"]) {
      const answer = await ask([`GET ${path} HTTP/1.1`, `host: ${name}`, bearer()]);
      expect([400, 421]).toContain(answer.status);
      expect(answer.body).not.toContain("connections");
    }
  });

  it("may be that of the public address, and any address when all are listened on", async () => {
    const { bursar } = at();
    const publicUrl = new URL("https://bursar.example.com");
    const api = await testApi({ ...bursar, settings: { publicUrl, listenHost: "0.0.0.0" } });
    const status = async (name: string) => (await api.app.request("/healthz", { headers: { host: name } })).status;
    expect(await status("bursar.example.com")).toBe(200);
    expect(await status("192.168.1.20:7878")).toBe(200);
    expect(await status("[fd00::1]:7878")).toBe(200);
    expect(await status("other.example.com")).toBe(421);
  });
});

describe("an order", () => {
  const body = JSON.stringify({ page: "spend" });
  const order = (...head: string[]) => ask(["POST /api/v1/sync HTTP/1.1", host(), bearer(), ...head], "{}");

  it.each(["https://evil.example", "null", "http://127.0.0.1", "http://localhost:1"])(
    "from a page of %s is refused",
    async (origin) => {
      const answer = await order(`origin: ${origin}`, ...json("{}"));
      expect(answer.status).toBe(403);
      expect(answer.body).toContain("api.origin_refused");
      expect(at().api.syncs.orders).toEqual([]);
    },
  );

  it.each(["cross-site", "same-site"])("that a browser calls %s is refused", async (site) => {
    expect((await order(`sec-fetch-site: ${site}`, ...json("{}"))).status).toBe(403);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp"])(
    "of %s, which a form can send, is refused",
    async (type) => {
      const answer = await order(`content-type: ${type}`, "content-length: 2");
      expect(answer.status).toBe(415);
    },
  );

  it("without a content type is refused when it has a body", async () => {
    expect((await order("content-length: 2")).status).toBe(415);
  });

  it("signs nobody in or out for a foreign page either", async () => {
    for (const path of ["/auth/sign-in", "/auth/sign-out", "/auth/link"]) {
      const answer = await ask([`POST ${path} HTTP/1.1`, host(), "origin: https://evil.example", ...json(body)], body);
      expect(answer.status).toBe(403);
    }
  });

  it("from the dashboard itself passes", async () => {
    const own = `origin: ${at().server.url}`;
    expect((await order(own, "sec-fetch-site: same-origin", ...json("{}"))).status).toBe(202);
  });

  it("of the public address passes behind a proxy", async () => {
    const publicUrl = new URL("https://bursar.example.com");
    const api = await testApi({ ...at().bursar, settings: { publicUrl } });
    const origin = { host: "bursar.example.com", origin: "https://bursar.example.com" };
    expect((await api.post("/api/v1/sync", await api.token(), {}, origin)).status).toBe(202);
  });

  it("larger than a MiB is refused before it is read", async () => {
    const answer = await ask([
      "POST /api/v1/save-view HTTP/1.1",
      host(),
      bearer(),
      "content-type: application/json",
      "content-length: 1048577",
    ]);
    expect(answer.status).toBe(413);
  });

  it("that does not say its length is refused when it grows too large", async () => {
    const { app } = at().api;
    const large = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024).fill(32)),
    });
    const answer = await app.request("/api/v1/save-view", {
      method: "POST",
      headers: { host: "localhost", "content-type": "application/json", authorization: `Bearer ${at().token}` },
      body: large,
      duplex: "half",
    });
    expect(answer.status).toBe(413);
  });
});

describe("every answer", () => {
  it.each(["/", "/healthz", "/api/v1/status", "/api/v1/nothing", "/api/reference", "/auth/me"])(
    "of %s tells browsers to be strict",
    async (path) => {
      const { headers } = await ask([`GET ${path} HTTP/1.1`, host(), bearer()]);
      expect(headers).toContain(
        "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
          "font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; " +
          "object-src 'none'",
      );
      expect(headers).toContain("x-content-type-options: nosniff");
      expect(headers).toContain("referrer-policy: no-referrer");
      expect(headers).toContain("permissions-policy: ");
      expect(headers).toContain("cross-origin-opener-policy: same-origin");
      expect(headers).toContain("cross-origin-resource-policy: same-origin");
      expect(headers).not.toContain("access-control-");
      expect(headers).not.toContain("strict-transport-security");
      expect(headers).toMatch(/cache-control: (no-store|no-cache|private, no-cache)/);
    },
  );

  it.each(["TRACE", "TRACK", "PUT", "DELETE", "PATCH"])("to %s is a refusal that repeats nothing", async (method) => {
    const { status, headers, body } = await ask([`${method} /api/v1/status HTTP/1.1`, host(), "x-mine: CANARY"]);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(headers + body).not.toMatch(/canary/i);
  });

  it.each([
    ["a length beside chunks", ["content-length: 4", "transfer-encoding: chunked"]],
    ["two lengths", ["content-length: 4", "content-length: 9"]],
    ["chunks under another name", ["transfer-encoding: xchunked"]],
  ])("to a request whose end is in doubt is a refusal: %s", async (_, lines) => {
    const { status } = await ask(
      ["POST /auth/sign-out HTTP/1.1", host(), "content-type: application/json", ...lines],
      "0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n",
    );
    expect(status).toBe(400);
  });

  it("allows no other origin, asked by preflight either", async () => {
    const { status, headers } = await ask([
      "OPTIONS /api/v1/sync HTTP/1.1",
      host(),
      "origin: https://evil.example",
      "access-control-request-method: POST",
    ]);
    expect(status).toBe(403);
    expect(headers).not.toContain("access-control-");
  });

  it("insists on https when the public address has it", async () => {
    const publicUrl = new URL("https://bursar.example.com");
    const api = await testApi({ ...at().bursar, settings: { publicUrl } });
    const answer = await api.get("/healthz", null, { host: "bursar.example.com" });
    expect(answer.headers.get("strict-transport-security")).toBe("max-age=31536000");
  });
});

describe("limits", () => {
  it("refuse an address without end", async () => {
    const answer = await ask([`GET /api/v1/report?metric=${"x".repeat(9_000)} HTTP/1.1`, host(), bearer()]);
    expect(answer.status).toBe(414);
  });

  it("refuse headers without end", async () => {
    const answer = await ask(["GET /healthz HTTP/1.1", host(), `x-long: ${"x".repeat(20_000)}`]);
    expect(answer.status).toBe(431);
  });

  it("let one caller ask so often a minute, and say when again", async () => {
    const api = await testApi({ ...at().bursar, limits: { requestsPerMinute: 3 } });
    const [token, other] = [await api.token(), await api.token()];
    const ask = (most: number) => api.get(`/api/v1/list-runs?most=${most + 1}`, token, {});
    const statuses: number[] = [];
    for (let times = 0; times < 5; times += 1) statuses.push((await ask(times)).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const refused = await ask(6);
    expect(refused.headers.get("retry-after")).toBe("20");
    expect(await refused.json()).toMatchObject({ code: "api.rate_limited", status: 429 });
    expect((await api.get("/api/v1/status", other)).status).toBe(200);
    const { clock } = at().bursar;
    clock.set(clock.now() + 20_000);
    expect((await ask(7)).status).toBe(200);
    // What is ready costs nothing.
    expect((await ask(7)).status).toBe(200);
  });

  it("slow down whoever guesses paths and tokens", async () => {
    const api = await testApi({ ...at().bursar, limits: { anonymousPerMinute: 2 } });
    const statuses: number[] = [];
    for (let times = 0; times < 4; times += 1) statuses.push((await api.get("/api/v1/status", null)).status);
    expect(statuses.slice(2)).toEqual([429, 429]);
  });

  it("let a caller export once at a time", async () => {
    const api = await testApi({ ...at().bursar });
    const token = await api.token();
    const first = await api.get("/api/v1/export-rows?rows=users", token);
    expect((await api.get("/api/v1/export-rows?rows=users", token)).status).toBe(429);
    await first.text();
    expect((await api.get("/api/v1/export-rows?rows=users", token)).status).toBe(200);
  });

  it("let a caller probe six times a minute", async () => {
    const api = await testApi({ ...at().bursar });
    const token = await api.token();
    const statuses: number[] = [];
    for (let times = 0; times < 7; times += 1)
      statuses.push((await api.post("/api/v1/probe", token, { connection: "none" })).status);
    expect(statuses).toEqual([404, 404, 404, 404, 404, 404, 429]);
  });

  it("end an answer that takes too long", async () => {
    const { contextOf } = at().api;
    const stuck = { ...at().bursar.store, read: () => new Promise<never>(() => {}) };
    const api = await testApi({
      ...at().bursar,
      limits: { answerMs: 20 },
      parts: { contextOf: (tenant) => ({ ...contextOf(tenant), store: stuck }) },
    });
    const answer = await api.get("/api/v1/list-connections", at().token);
    expect(answer.status).toBe(504);
    expect(await answer.json()).toMatchObject({ code: "api.timeout" });
  });
});

describe("an address behind a proxy", () => {
  it("is what the nearest trusted proxy says, and never what the client says", async () => {
    const { clientAddress } = await import("../../src/api/index.ts");
    const of = (peer: string, forwarded: string, trustedProxies: string[]) =>
      clientAddress(
        { env: { incoming: { socket: { remoteAddress: peer } } }, req: { header: () => forwarded } } as never,
        { trustedProxies },
      );
    expect(of("203.0.113.9", "10.1.1.1", [])).toBe("203.0.113.9");
    expect(of("10.0.0.2", "198.51.100.7", ["10.0.0.2"])).toBe("198.51.100.7");
    expect(of("::ffff:10.0.0.2", "1.1.1.1, 198.51.100.7", ["10.0.0.2"])).toBe("198.51.100.7");
    expect(of("10.0.0.2", "198.51.100.7, 10.0.0.3", ["10.0.0.2", "10.0.0.3"])).toBe("198.51.100.7");
    expect(of("10.0.0.2", "anything else", ["10.0.0.2"])).toBe("10.0.0.2");
  });
});
