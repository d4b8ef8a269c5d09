import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startMcp, type TestMcp } from "../support/mcp.ts";
import { changingTool, fixtureShelf } from "../support/mcp-fixtures.ts";

const REVISION = "2026-07-28";
const SECRET = "sk-ant-admin01-abcdefghijklmnopqrstuvwxyz";

let mcp: TestMcp;
let token = "";
beforeAll(async () => {
  mcp = await startMcp({ empty: true, parts: { shelf: fixtureShelf(changingTool().tool) } });
  token = await mcp.token();
});
afterAll(() => mcp.close());

interface Answer {
  readonly status: number;
  readonly code: number | undefined;
  readonly isError: boolean;
  readonly text: string;
  readonly headers: Headers;
}

async function post(body: unknown, headers: Record<string, string> = {}, path = "/mcp"): Promise<Answer> {
  const response = await mcp.fetch(path, {
    method: "POST",
    headers: Object.entries({
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    }).filter(([, value]) => value !== ""),
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const line = text.startsWith("{") ? text : ([...text.matchAll(/^data: (.*)$/gm)].at(-1)?.[1] ?? "{}");
  const message = JSON.parse(line) as { error?: { code: number }; result?: { isError?: boolean } };
  const { status } = response;
  const isError = message.result?.isError === true;
  return { status, code: message.error?.code, isError, text, headers: response.headers };
}

/** A request of the newest revision, with the headers that repeat it. */
function modern(
  method: string,
  params: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": REVISION,
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "0" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const name = params["name"] ?? params["uri"];
  return post(
    { jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: meta } },
    {
      "mcp-protocol-version": REVISION,
      "mcp-method": method,
      ...(typeof name === "string" ? { "mcp-name": name } : {}),
      ...headers,
    },
  );
}

const call = (args: unknown) => modern("tools/call", { name: "list_rows", arguments: args });
const legacy = (message: unknown, headers = {}) => post(message, { "mcp-protocol-version": "2025-06-18", ...headers });

describe("a bad request", () => {
  it.each([
    ["unknown method", () => modern("tools/destroy", {}), -32601],
    ["unknown tool", () => modern("tools/call", { name: "no_such_tool", arguments: {} }), -32602],
    ["a tool's name of another kind", () => modern("tools/call", { name: { a: 1 }, arguments: {} }), -32602],
    ["header that is not the body's method", () => modern("tools/list", {}, { "mcp-method": "tools/call" }), -32020],
    ["revision nobody knows", () => modern("tools/list", {}, { "mcp-protocol-version": "2031-01-01" }), -32020],
    ["no client capabilities", () => post(envelopeWithout("clientCapabilities"), headersOf("tools/list")), -32602],
    ["unknown method of 2025", () => legacy({ jsonrpc: "2.0", id: 1, method: "nothing" }), -32601],
    ["id null", () => legacy({ jsonrpc: "2.0", id: null, method: "tools/list" }), -32600],
    ["no JSON-RPC", () => legacy({ hello: 1 }), -32600],
    ["a number", () => legacy("1"), -32600],
    ["no JSON", () => legacy("{"), -32700],
    ["no body", () => legacy(""), -32700],
  ])("is refused: %s", async (_, ask, wanted) => {
    const answer = await ask();
    expect([answer.code, answer.status < 500]).toEqual([wanted, true]);
    expect(answer.text).not.toMatch(/ at .*:\d+:\d+|node_modules/);
  });

  it("of 2025 without an id is a notification, and one of many stands in a batch", async () => {
    expect((await legacy({ jsonrpc: "2.0", method: "tools/list" })).status).toBe(202);
    const many = [1, 2].map((id) => ({ jsonrpc: "2.0", id, method: "ping" }));
    const answer = await legacy(many);
    expect([answer.status, answer.text.match(/"id":/g)]).toEqual([200, ['"id":', '"id":']]);
  });

  it.each([
    ["of the wrong type", { count: "three" }],
    ["that are missing", {}],
    ["that nobody knows", { count: 1, [SECRET]: SECRET }],
    ["beyond the range", { count: -1 }],
    ["not whole", { count: 1.5 }],
    ["of another's kind within", { count: [[[1]]] }],
  ])("has arguments %s: the tool says which and how", async (_, args) => {
    const { status, isError, text } = await call(args);
    expect([status, isError]).toEqual([200, true]);
    expect(text).toContain("Correct it by the input schema of list_rows");
    expect(text).not.toContain(SECRET);
  });

  it("nested without end is refused as any other, and a prototype is nothing", async () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const raw = (args: string) =>
      legacy(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_rows","arguments":${args}}}`);
    expect(await raw(`{"count":${deep}}`)).toMatchObject({ status: 200, isError: true });
    expect(await raw(`{"count":1,"more":${deep}}`)).toMatchObject({ status: 200, isError: true });
    expect(await raw('{"count":1,"__proto__":{"admin":true}}')).toMatchObject({ status: 200, isError: false });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it("with arguments that are no object is refused", async () => {
    expect((await call([1])).code).toBe(-32602);
    expect((await call("x")).code).toBe(-32602);
  });

  it("of a megabyte and more is refused before it is read", async () => {
    const big = await call({ count: 1, more: "x".repeat(1024 * 1024) });
    expect([big.status, big.code]).toEqual([413, -32000]);
    // Just below, it is read and refused by the tool.
    expect((await call({ count: 1, more: "x".repeat(1_000_000) })).isError).toBe(true);
  });

  it("leaves no record but that of the tool that was called", async () => {
    const before = (await mcp.audit()).length;
    await modern("tools/call", { name: "no_such_tool", arguments: {} });
    await call({ count: "three" });
    expect((await mcp.audit()).slice(before).map(({ outcome, code }) => [outcome, code])).toEqual([
      ["failed", "input.invalid"],
    ]);
  });
});

describe("who asks", () => {
  const list = (headers: Record<string, string>, path?: string) =>
    post({ jsonrpc: "2.0", id: 1, method: "tools/list" }, headers, path);

  it.each([
    ["nobody", "", 'Bearer realm="test"'],
    ["a token that is none", "Bearer nonsense", 'Bearer realm="test", error="invalid_token"'],
    [
      "a token of ours that was never made",
      `Bearer bursar_${"0".repeat(12)}_${"0".repeat(64)}_00000000`,
      'Bearer realm="test", error="invalid_token"',
    ],
    ["a name and a password", "Basic dXNlcjpwYXNz", 'Bearer realm="test", error="invalid_token"'],
  ])("is not let in: %s", async (_, authorization, challenge) => {
    const { status, headers, text } = await list({ authorization });
    expect([status, headers.get("www-authenticate")]).toEqual([401, challenge]);
    expect(text).not.toContain("nonsense");
  });

  it("is not let in by a cookie, nor by two tokens, nor by one in the address", async () => {
    expect((await list({ authorization: "", cookie: "bursar_session=x" })).status).toBe(401);
    expect((await list({ authorization: `Bearer ${token}, Bearer ${token}` })).status).toBe(401);
    expect((await list({ authorization: "" }, `/mcp?access_token=${token}`)).status).toBe(401);
  });

  it("hears which scope a tool needs that the token does not have", async () => {
    const reader = await mcp.token(["read"]);
    const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "change_thing", arguments: {} } };
    const { status, headers, text } = await legacy(message, { authorization: `Bearer ${reader}` });
    expect([status, headers.get("www-authenticate")]).toEqual([403, 'Bearer realm="test", error="insufficient_scope"']);
    expect(text).toContain("manage");
  });

  it("is slowed down as on the API", async () => {
    const limited = await startMcp({ empty: true, requestsPerMinute: 1 });
    try {
      await expect(limited.connect()).rejects.toThrow("Too many requests (1 requests a minute)");
    } finally {
      await limited.close();
    }
  });

  it("has no other tenant's record, however it is named", async () => {
    expect((await list({ "x-bursar-tenant": "another" })).status).toBe(404);
    expect((await list({ "x-bursar-tenant": "default" })).status).toBe(200);
  });
});

describe("where from", () => {
  it.each([
    ["a host that is not served", { host: "evil.example" }],
    ["a host that only begins like ours", { host: "127.0.0.1.evil.example" }],
    ["a page of another origin", { origin: "http://evil.example" }],
    ["a page without an origin", { origin: "null" }],
    ["a page of another port", { origin: "http://127.0.0.1:1" }],
    ["a frame of another site", { "sec-fetch-site": "cross-site" }],
  ])("is refused: %s", async (_, headers) => {
    const message = { jsonrpc: "2.0", id: 1, method: "tools/list" };
    for (const method of ["POST", "GET", "DELETE"]) {
      const response = await mcp.fetch("/mcp", {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
        ...(method === "POST" ? { body: JSON.stringify(message) } : {}),
      });
      expect([method, response.status]).toEqual([method, 403]);
    }
  });

  it("a form cannot send it", async () => {
    expect((await post("a=1", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(415);
  });

  it("there is no stream to open and no session to end", async () => {
    for (const method of ["GET", "DELETE", "PUT"]) {
      const response = await mcp.fetch("/mcp", { method, headers: { authorization: `Bearer ${token}` } });
      expect([method, response.status]).toEqual([method, 405]);
    }
    expect((await mcp.fetch("/mcp/more", { headers: { authorization: `Bearer ${token}` } })).status).toBe(404);
  });
});

function headersOf(method: string): Record<string, string> {
  return { "mcp-protocol-version": REVISION, "mcp-method": method };
}

function envelopeWithout(member: string): unknown {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": REVISION,
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "0" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const kept = Object.entries(meta).filter(([name]) => !name.endsWith(member));
  return { jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta: Object.fromEntries(kept) } };
}
