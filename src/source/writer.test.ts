import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, describe, expect, it } from "vitest";

import { isFailure } from "../domain/index.ts";
import { virtualClock } from "../../test/support/clock.ts";
import { testRandom } from "../../test/support/bursar.ts";
import { createWriter, type WriteRequest } from "./writer.ts";

const INVITE: WriteRequest = {
  method: "POST",
  path: "/v1/organizations/invites",
  body: { email: "jane@example.com", role: "user" },
};
const KEY = "sk-ant-admin01-TEST-writer-000000000000";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A server that answers as told, and what it saw. */
async function writerTo(answer: RequestListener, headersMs = 300) {
  const seen: { method: string; key: string; type: string; body: string; connection: string }[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const { headers, method = "" } = request;
      const told = (name: string) => String(headers[name] ?? "");
      seen.push({ method, key: told("x-api-key"), type: told("content-type"), body, connection: told("connection") });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  const clock = virtualClock(Date.UTC(2026, 10, 21));
  const writer = createWriter({
    upstream: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    openKey: () => KEY,
    fingerprint: "00000000",
    clock,
    random: testRandom,
    transport: { environment: {}, timeouts: { connectMs: 300, headersMs, bodyMs: 300 } },
  });
  closing.push(() => writer.close());
  return { writer, seen, clock, server };
}

const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_, response) =>
    response
      .writeHead(status, { "content-type": "application/json", "request-id": "req_1", ...headers })
      .end(JSON.stringify(body));
const problem = (status: number, type: string, code?: string, headers: Readonly<Record<string, string>> = {}) =>
  json(status, { type: "error", error: { type, message: "no", details: code ? { error_code: code } : null } }, headers);

describe("the writer", () => {
  it("sends one JSON body with the key on a connection of its own, and gives what was answered", async () => {
    const { writer, seen } = await writerTo(json(200, { id: "invite_1", type: "invite" }));
    expect(await writer.send(INVITE)).toEqual({
      kind: "done",
      status: 200,
      body: { id: "invite_1", type: "invite" },
      requestId: "req_1",
    });
    expect(seen).toEqual([
      { method: "POST", key: KEY, type: "application/json", body: JSON.stringify(INVITE.body), connection: "close" },
    ]);
  });

  it("sends a DELETE without a body", async () => {
    const { writer, seen } = await writerTo(json(200, { id: "user_1", type: "user_deleted" }));
    const sent = await writer.send({ method: "DELETE", path: "/v1/organizations/users/user_1", body: null });
    expect([sent.kind, seen[0]?.method, seen[0]?.body, seen[0]?.type]).toEqual(["done", "DELETE", "", ""]);
  });

  it.each([
    ["400 with a code", problem(400, "invalid_request_error", "already_member"), "already_member"],
    ["401", problem(401, "authentication_error"), "authentication_error"],
    ["403", problem(403, "permission_error"), "permission_error"],
    ["404", problem(404, "not_found_error"), "not_found_error"],
    ["409", problem(409, "conflict_error", "concurrent_membership_change"), "concurrent_membership_change"],
    ["200 with an error inside", problem(200, "invalid_request_error", "already_member"), "already_member"],
  ])("takes %s for a refusal, with upstream's own code and what to do", async (_, answer, code) => {
    const { writer, seen } = await writerTo(answer);
    const sent = await writer.send(INVITE);
    expect(sent).toMatchObject({ kind: "refused", code, requestId: "req_1" });
    if (sent.kind === "refused") expect(sent.failure.hint).toMatch(/^Nothing was changed\. \S/);
    expect(seen).toHaveLength(1);
  });

  it("follows no redirect", async () => {
    const { writer, seen } = await writerTo((_, response) =>
      response.writeHead(307, { location: "http://127.0.0.1:9/v1/x", "content-length": "0" }).end(),
    );
    expect(await writer.send(INVITE)).toMatchObject({ kind: "refused", failure: { code: "source.redirected" } });
    expect(seen).toHaveLength(1);
  });

  it.each<[string, RequestListener]>([
    ["500", problem(500, "api_error")],
    ["529", problem(529, "overloaded_error")],
    ["504", problem(504, "timeout_error")],
    ["408", problem(408, "invalid_request_error")],
    ["200 with a page", (_, response) => response.writeHead(200, { "content-length": "6" }).end("<html>")],
    ["200 without a body", (_, response) => response.writeHead(200, { "content-length": "0" }).end()],
    ["200 that breaks off", (_, response) => response.writeHead(200, { "content-length": "90" }).end('{"id":')],
    ["a connection that breaks", (request) => request.socket.resetAndDestroy()],
    ["silence", () => {}],
  ])("knows nothing after %s, and never sends it again", async (_, answer) => {
    const { writer, seen } = await writerTo(answer);
    expect((await writer.send(INVITE)).kind).toBe("unknown");
    expect(seen).toHaveLength(1);
  });

  it("waits and sends again when it is told that nothing was done", async () => {
    let answers = 0;
    const { writer, seen, clock } = await writerTo((request, response) => {
      answers += 1;
      const answer = answers < 3 ? problem(429, "rate_limit_error", undefined, { "retry-after": "2" }) : json(200, {});
      answer(request, response);
    });
    expect((await writer.send(INVITE)).kind).toBe("done");
    expect(seen).toHaveLength(3);
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(4_000);
  });

  it.each([
    ["says no time", {}, 1],
    ["wants a long time", { "retry-after": "60" }, 1],
    ["goes on", { "retry-after": "1" }, 3],
  ])("gives up a 429 that %s: nothing was sent", async (_, headers, times) => {
    const { writer, seen } = await writerTo(problem(429, "rate_limit_error", undefined, headers));
    expect(await writer.send(INVITE)).toMatchObject({ kind: "not_sent", status: 429 });
    expect(seen).toHaveLength(times);
  });

  it("knows that nothing was sent where there is no connection", async () => {
    const { writer, server } = await writerTo(json(200, {}));
    await new Promise((resolve) => server.close(resolve));
    expect(await writer.send(INVITE)).toMatchObject({ kind: "not_sent", failure: { code: "source.unreachable" } });
  });

  it("sends nothing once its caller has gone, and nothing to another place", async () => {
    const { writer, seen } = await writerTo(json(200, {}));
    await expect(writer.send(INVITE, AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
    await expect(writer.send({ ...INVITE, path: "//evil.example/v1/x" })).rejects.toThrow("outside /v1");
    await expect(writer.send({ ...INVITE, method: "GET" as "POST" })).rejects.toThrow("no method that changes");
    expect(seen).toEqual([]);
    const make = () => createWriter({ upstream: "http://192.0.2.1" } as Parameters<typeof createWriter>[0]);
    expect(make).toThrow(expect.toSatisfy((thrown) => isFailure(thrown, "source.upstream_refused")));
  });
});
