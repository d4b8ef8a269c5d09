import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

import { afterEach, describe, expect, it } from "vitest";

import { virtualClock, type VirtualClock } from "../../test/support/clock.ts";
import { Failure, isFailure, type Log, type LogFields } from "../domain/index.ts";
import { startEmulator, type Emulator, type FaultOrder } from "../emulator/index.ts";
import { createClient, type ClientOptions } from "./client.ts";
import type { UpstreamRequest } from "./types.ts";

const WORLD = { seed: 7, people: 4, days: 5, end: "2026-10-31", scale: 1 };
const USERS: UpstreamRequest = { path: "/v1/organizations/users", query: [["limit", "1000"]] };
const random = { bytes: (count: number) => Buffer.alloc(count), fraction: () => 0.5 };

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function clientOf(upstream: string, clock: VirtualClock, more: Partial<ClientOptions> = {}) {
  const client = createClient({
    upstream,
    clock,
    random,
    openKey: () => "sk-ant-admin01-TEST-of-the-test",
    fingerprint: "00000000",
    transport: { timeouts: { connectMs: 300, headersMs: 300, bodyMs: 300 } },
    ...more,
  });
  closing.push(() => client.close());
  return client;
}

async function withFault(order: FaultOrder) {
  const emulator = await startEmulator({ world: WORLD });
  closing.push(() => emulator.close());
  const fault = await emulator.faults.add(order);
  const clock = virtualClock(emulator.clock.now());
  const client = clientOf(emulator.url, clock, { openKey: () => emulator.keys.admin });
  return { emulator, fault, clock, client };
}

async function serve(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await promise.then(
    () => new Error("nothing was thrown"),
    (error: unknown) => error,
  );
  if (!isFailure(thrown)) throw thrown;
  return thrown;
}

const asked = (emulator: Emulator) => emulator.requests.length;

describe("a client whose request is limited", () => {
  it.each(["F01", "F02"])("waits out the server's seven seconds, then asks once (%s)", async (id) => {
    const { emulator, clock, client } = await withFault({ id });
    const startedAt = clock.now();
    await client.get(USERS);
    expect(asked(emulator)).toBe(2);
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(6_000); // an HTTP date has whole seconds
    expect(clock.now() - startedAt).toBeLessThanOrEqual(7_000);
  });

  it("waits between half a second and a minute whatever retry-after says (F03)", async () => {
    const { clock, client } = await withFault({ id: "F03" });
    await client.get(USERS);
    expect(clock.slept).toHaveLength(5);
    for (const ms of clock.slept) {
      expect(ms).toBeGreaterThanOrEqual(500);
      expect(ms).toBeLessThanOrEqual(60_000);
    }
    expect(clock.slept[1]).toBe(1_500);
    expect(clock.slept[3]).toBe(60_000);
  });

  it("stops at a spend limit after one request, and says until when (F04)", async () => {
    const { emulator, client } = await withFault({ id: "F04" });
    const failure = await failureOf(client.get(USERS));
    expect(failure.code).toBe("source.spend_limit");
    expect(failure.hint).toContain("on 2026-12-01 UTC");
    expect(asked(emulator)).toBe(1);
  });

  it("gives up after six tries (F05)", async () => {
    const { emulator, client } = await withFault({ id: "F05" });
    expect((await failureOf(client.get(USERS))).code).toBe("source.rate_limited");
    expect(asked(emulator)).toBe(6);
  });

  it("waits for the budget's reset when a 429 carries nothing else", async () => {
    let requests = 0;
    const { url } = await serve((_, response) => {
      requests += 1;
      const date = new Date(0).toUTCString();
      if (requests > 1) return response.writeHead(200, { date }).end('{"data":[]}');
      const reset = new Date(12_000).toISOString();
      return response.writeHead(429, { date, "anthropic-ratelimit-requests-reset": reset }).end("{}");
    });
    const clock = virtualClock(0);
    await clientOf(url, clock).get(USERS);
    expect(clock.slept).toEqual([12_000]);
  });
});

describe("a client that meets a fault of the server", () => {
  it("asks again with growing waits while it is overloaded (F06)", async () => {
    const { clock, client } = await withFault({ id: "F06" });
    await client.get(USERS);
    expect(clock.slept).toEqual([562.5, 1125, 2250]);
  });

  it("recovers from five different errors in a row (F07)", async () => {
    const { emulator, client } = await withFault({ id: "F07" });
    await client.get(USERS);
    expect(asked(emulator)).toBe(6);
  });

  it.each([
    ["F08", "source.bad_request", "the emulator was told to refuse this request"],
    ["F09", "source.credential_refused", "invalid x-api-key"],
    ["F11", "source.not_permitted", "does not have access"],
    ["F12", "source.not_found", "Not found"],
    ["F13", "source.billing", "billing"],
  ])("asks once and shows upstream's words (%s)", async (id, code, words) => {
    const { emulator, client, clock } = await withFault({ id });
    const failure = await failureOf(client.get(USERS));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
    expect(failure.facts["requestId"]).toBe(emulator.requests[0]?.requestId);
    expect(asked(emulator)).toBe(1);
    expect(clock.slept).toEqual([]);
  });

  it("obeys x-should-retry over its own rule", async () => {
    let requests = 0;
    const { url } = await serve((_, response) => {
      requests += 1;
      response.writeHead(503, { "x-should-retry": "false" }).end("{}");
    });
    expect((await failureOf(clientOf(url, virtualClock(0)).get(USERS))).code).toBe("source.unavailable");
    expect(requests).toBe(1);
  });

  it("names a refused connection and comes back when it is open again (F14)", async () => {
    const { fault, clock, client } = await withFault({ id: "F14" });
    const failure = await failureOf(client.get(USERS));
    expect(failure.code).toBe("source.unreachable");
    expect(failure.message).toContain("ECONNREFUSED");
    expect(clock.slept).toHaveLength(5);
    await fault.remove();
    await expect(client.get(USERS)).resolves.toBeDefined();
  });

  it("sends no byte through a bad certificate, and does not ask again (F15)", async () => {
    for (const certificate of ["self-signed", "expired", "wrong-host"]) {
      const { fault, clock } = await withFault({ id: "F15", params: { certificate } });
      const client = clientOf(String(fault.observed()["url"]), clock);
      expect((await failureOf(client.get(USERS))).code).toBe("source.certificate");
      expect(clock.slept).toEqual([]);
      expect(fault.observed()["applicationBytes"]).toBe(0);
    }
  });

  it("gives up connecting, and says in which phase (F16)", async () => {
    const { fault, clock } = await withFault({ id: "F16" });
    const failure = await failureOf(clientOf(String(fault.observed()["url"]), clock).get(USERS));
    expect(failure.code).toBe("source.timeout");
    expect(failure.message).toContain("connecting");
    expect(clock.slept).toHaveLength(5);
  });

  it.each(["F17", "F18", "F19", "F20", "F21", "F22", "F23", "F25", "F26", "F27", "F29", "F30"])(
    "believes nothing of the broken answer (%s)",
    async (id) => {
      const { emulator, client } = await withFault({ id });
      const outcome = await client.get(USERS).then(
        (page) => page.body["data"],
        (thrown: unknown) => (thrown as Failure).code,
      );
      if (["F25", "F27"].includes(id)) {
        expect(outcome).toBe(id === "F25" ? "source.not_the_api" : "source.body_too_large");
        expect(asked(emulator)).toBe(1);
      } else {
        expect(outcome).toHaveLength(emulator.world.directory.users.length);
        expect(asked(emulator)).toBe(id === "F26" ? 3 : 2);
      }
    },
  );

  it("never follows a redirect: the other host sees nothing (F24)", async () => {
    for (const status of [301, 302, 307, 308]) {
      const { emulator, fault, client } = await withFault({ id: "F24", params: { status } });
      expect((await failureOf(client.get(USERS))).code).toBe("source.redirected");
      expect(asked(emulator)).toBe(1);
      expect(fault.observed()["requests"]).toBe(0);
    }
  });

  it("accepts JSON of another content type, with a note (F28)", async () => {
    const { client } = await withFault({ id: "F28" });
    expect((await client.get(USERS)).notes).toEqual([expect.stringContaining("content-type text/plain")]);
  });

  it.each([
    ["F31", "not UTF-8"],
    ["F33", "twice"],
    ["F45", "no object"],
  ])("refuses a whole body that does not say one thing (%s)", async (id, problem) => {
    const { client } = await withFault({ id });
    const failure = await failureOf(client.get({ path: "/v1/organizations/users", query: [] }));
    expect(failure.code).toBe("source.body_unreadable");
    expect(failure.message).toContain(problem);
  });

  it("skips a byte order mark (F32)", async () => {
    const { emulator, client } = await withFault({ id: "F32" });
    expect((await client.get(USERS)).body["data"]).toHaveLength(emulator.world.directory.users.length);
  });
});

describe("a client and the answers of other servers", () => {
  const reply = (status: number, body: string | Buffer, headers: Record<string, string> = {}) =>
    serve((_, response) => response.writeHead(status, headers).end(body));

  it("does not take a proxy's 401 page for a refused key", async () => {
    const { url } = await reply(401, "<html><title>Sign in</title>", { "content-type": "text/html" });
    const failure = await failureOf(clientOf(url, virtualClock(0)).get(USERS));
    expect(failure.code).toBe("source.not_the_api");
    expect(failure.message).toContain("Sign in");
  });

  it("stops a large plain body at the cap", async () => {
    const { url } = await reply(200, `{"data":["${"x".repeat(5_000)}"]}`);
    const client = clientOf(url, virtualClock(0), { transport: { largestBody: 4_000 } });
    expect((await failureOf(client.get(USERS))).code).toBe("source.body_too_large");
  });

  it("counts and hashes the decoded bytes of a gzipped body", async () => {
    const { url } = await reply(200, gzipSync('{"data":[]}'), { "content-encoding": "gzip" });
    const { facts } = await clientOf(url, virtualClock(0)).get(USERS);
    expect(facts.bytes).toBe(11);
    expect(facts.bodySha256).toBe("8fe32e407a1038ee38753b70e5374b3a46d6ae9d5f16cd5b73c53abaca8f5ed0");
  });

  it.each(["br", "deflate", "gzip, gzip"])("refuses the encoding %s", async (encoding) => {
    const { url } = await reply(200, '{"data":[]}', { "content-encoding": encoding });
    expect((await failureOf(clientOf(url, virtualClock(0)).get(USERS))).code).toBe("source.body_unreadable");
  });

  it("asks again for a gzipped body that was cut", async () => {
    const whole = gzipSync(`{"data":["${"y".repeat(200)}"]}`);
    const { url } = await reply(200, whole.subarray(0, whole.length - 9), { "content-encoding": "gzip" });
    const clock = virtualClock(0);
    expect((await failureOf(clientOf(url, clock).get(USERS))).code).toBe("source.body_broken");
    expect(clock.slept).toHaveLength(5);
  });

  it.each([
    ["authentication_error", "source.credential_refused"],
    ["not_found_error", "source.not_found"],
    ["permission_error", "source.not_permitted"],
  ])("reads an error %s that comes with status 200 as what it is", async (type, code) => {
    const { url } = await reply(200, JSON.stringify({ type: "error", error: { type, message: "no" } }));
    expect((await failureOf(clientOf(url, virtualClock(0)).get(USERS))).code).toBe(code);
  });

  it.each(["page: the page token has expired", "cursor is invalid", "page_token does not match the query parameters"])(
    "reads %j as an expired page token, when a page was asked for",
    async (message) => {
      const { url } = await reply(
        400,
        JSON.stringify({ type: "error", error: { type: "invalid_request_error", message } }),
      );
      const client = clientOf(url, virtualClock(0));
      expect((await failureOf(client.get({ ...USERS, query: [["page", "x"]] }))).code).toBe("source.page_expired");
      expect((await failureOf(client.get(USERS))).code).toBe("source.bad_request");
    },
  );
});

describe("what a client sends", () => {
  it("names the version, the beta and itself, and encodes brackets", async () => {
    const seen: { method?: string | undefined; url?: string | undefined; headers: NodeJS.Dict<string | string[]> }[] =
      [];
    const { url } = await serve(({ method, url, headers }, response) => {
      seen.push({ method, url, headers });
      response.end("{}");
    });
    const client = clientOf(url, virtualClock(0), { userAgent: "Bursar/1.2.3 (https://bursar.example)" });
    await client.get({ path: "/v1/organizations/cost_report", query: [["group_by[]", "a b"]], beta: "some-beta" });
    expect(seen[0]).toMatchObject({
      method: "GET",
      url: "/v1/organizations/cost_report?group_by%5B%5D=a%20b",
      headers: {
        "x-api-key": "sk-ant-admin01-TEST-of-the-test",
        "anthropic-version": "2023-06-01",
        "anthropic-beta": "some-beta",
        "user-agent": "Bursar/1.2.3 (https://bursar.example)",
      },
    });
  });

  it("lets whoever waits ask before it reads a page", async () => {
    const held: ServerResponse[] = [];
    const answer = (response: ServerResponse) =>
      response.writeHead(200, { "content-type": "application/json" }).end('{"data":[]}');
    const { promise: isFull, resolve: full } = Promise.withResolvers<void>();
    const { url } = await serve((_, response) => {
      held.push(response);
      if (held.length === 8) full();
      if (held.length === 9) held.slice(1).forEach(answer);
    });
    const loads: unknown[] = [];
    const timeouts = { headersMs: 30_000, bodyMs: 30_000 };
    const client = clientOf(url, virtualClock(0), { transport: { timeouts }, log: () => loads.push(client.load()) });
    const pages = Array.from({ length: 9 }, () => client.get(USERS));
    await isFull;
    answer(held[0]!);
    await Promise.all(pages);
    expect(loads[0]).toEqual({ waiting: 0, inFlight: 8, pausedUntil: null });
  });

  it("opens the key for each request and shows it in no failure and no log line", async () => {
    const key = "sk-ant-admin01-TEST-canary-of-the-client";
    const lines: LogFields[] = [];
    const log: Log = (_, __, fields) => void lines.push(fields ?? {});
    const body = JSON.stringify({
      type: "error",
      error: { type: "x", message: `bad key ${key}` },
      request_id: "req_1",
    });
    const { url } = await serve((_, response) => response.writeHead(400).end(body));
    let opened = 0;
    const openKey = () => {
      opened += 1;
      return key;
    };
    const client = clientOf(url, virtualClock(0), { openKey, log });
    const failure = await failureOf(client.get(USERS));
    await failureOf(client.get(USERS));
    expect(opened).toBe(2);
    expect(failure.message).toContain("[sealed]");
    expect(JSON.stringify([failure, failure.message, failure.hint, failure.stack, lines])).not.toContain("canary");
    expect(lines[0]).toMatchObject({
      method: "GET",
      path: USERS.path,
      status: 400,
      ms: 0,
      failure: "source.bad_request",
    });
  });

  it.each([
    ["http://api.example.com", "shows the key to the network"],
    ["ftp://127.0.0.1", "is not https"],
    ["https://user:secret@api.example.com", "user name or password"],
    ["https://api.example.com/v1", "has a path"],
    ["api.anthropic.com", "not an address"],
    ["http://127.0.0.1.example.com", "shows the key to the network"],
  ])("goes nowhere with the upstream %s", (upstream, problem) => {
    expect(() => clientOf(upstream, virtualClock(0))).toThrow(problem);
    expect(() => clientOf(upstream, virtualClock(0))).not.toThrow("secret");
  });

  it("ends at once when it is told to, with the reason it was given", async () => {
    const { url } = await serve(() => {});
    const abort = new AbortController();
    const reason = new Failure("app.cancelled");
    const client = clientOf(url, virtualClock(0), { transport: {} });
    const waiting = failureOf(client.get(USERS, abort.signal));
    setImmediate(() => abort.abort(reason));
    expect(await waiting).toBe(reason);
    expect(client.load()).toEqual({ waiting: 0, inFlight: 0, pausedUntil: null });
  });
});
