import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startMcp, type TestAnswer, type TestClientOptions, type TestMcp } from "../support/mcp.ts";
import { mcpOver } from "../support/mcp-stdio.ts";
import { changingTool, fixtureShelf } from "../support/mcp-fixtures.ts";

const { tool, changed } = changingTool();
const shelf = fixtureShelf(tool);
type Way = Pick<TestClientOptions, "revision" | "approve">;

let mcp: TestMcp;
beforeAll(async () => {
  mcp = await startMcp({ empty: true, parts: { shelf } });
});
afterAll(() => mcp.close());

/** Over stdio in either revision, over HTTP in the newest: there the answer comes with the next request. */
const ways: readonly (readonly [string, (options: Way) => Promise<(thing: string) => Promise<TestAnswer>>])[] = [
  ["stdio, 2025", (options) => overStdio({ ...options, revision: "2025" })],
  ["stdio, 2026-07-28", (options) => overStdio({ ...options, revision: "2026-07-28" })],
  ["HTTP, 2026-07-28", (options) => overHttp({ ...options, revision: "2026-07-28" })],
];

describe.each(ways)("a person over %s", (_, connect) => {
  it("is asked exactly what would be done, and it is done", async () => {
    const asked: string[] = [];
    const change = await connect({
      approve: (message) => {
        asked.push(message);
        return "accept";
      },
    });
    const before = changed();
    const { data } = await change('a "name"\u202e');
    expect([data["answer"], changed() - before]).toEqual(["approved", 1]);
    expect(asked).toEqual(['Change a thing?\n\nThe thing is a "name"\\u202e.']);
  });

  it.each(["decline", "cancel"] as const)("who says %s leaves it as it is", async (action) => {
    const change = await connect({ approve: () => action });
    const before = changed();
    expect((await change("x")).data["answer"]).toBe("declined");
    expect(changed()).toBe(before);
  });

  it("who cannot be asked was not asked", async () => {
    const change = await connect({});
    const before = changed();
    expect((await change("x")).data["answer"]).toBeNull();
    expect(changed()).toBe(before);
  });
});

it("a stateless client of 2025 over HTTP can show no question", async () => {
  const change = await overHttp({ revision: "2025", approve: () => "accept" });
  expect((await change("x")).data["answer"]).toBeNull();
});

describe("an answer to a question", () => {
  interface Asked {
    readonly requestState: string;
    readonly inputRequests: Readonly<Record<string, unknown>>;
  }
  const post = async (params: Readonly<Record<string, unknown>>, token: string) => {
    const meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "test", version: "0" },
      "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
    };
    const response = await mcp.fetch("/mcp", {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "change_thing",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name: "change_thing", ...params, _meta: meta },
      }),
    });
    return (await response.json()) as { result: Asked & { structuredContent?: unknown }; error?: { code: number } };
  };
  const inputResponses = { approval: { action: "accept", content: { approve: true } } };

  it("counts for the same caller, arguments and question, and for nothing else", async () => {
    const token = await mcp.token();
    const { result } = await post({ arguments: { thing: "a" } }, token);
    expect(Object.keys(result.inputRequests)).toEqual(["approval"]);
    const { requestState } = result;
    const before = changed();
    const others: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
      [{ arguments: { thing: "b" }, requestState, inputResponses }, token],
      [{ arguments: { thing: "a" }, requestState, inputResponses }, await mcp.token()],
      [{ arguments: { thing: "a" }, inputResponses }, token],
      [{ arguments: { thing: "a" }, requestState }, token],
    ];
    // Each is asked anew.
    for (const [params, who] of others)
      expect(Object.keys((await post(params, who)).result.inputRequests)).toEqual(["approval"]);
    const forged = `${requestState.slice(0, -2)}${requestState.endsWith("A") ? "B" : "A"}A`;
    const refused = await post({ arguments: { thing: "a" }, requestState: forged, inputResponses }, token);
    expect(refused.error?.code).toBe(-32602);
    const ticked = { approval: { action: "accept", content: { approve: false } } };
    const unticked = await post({ arguments: { thing: "a" }, requestState, inputResponses: ticked }, token);
    expect(unticked.result.structuredContent).toEqual({ answer: "declined" });
    expect(changed()).toBe(before);
    await post({ arguments: { thing: "a" }, requestState, inputResponses }, token);
    expect(changed()).toBe(before + 1);
  });

  it("leaves a record of the question and one of the answer", async () => {
    const before = (await mcp.audit()).length;
    const change = await overHttp({ revision: "2026-07-28", approve: () => "accept" });
    await change("x");
    expect((await mcp.audit()).slice(before).map(({ outcome }) => outcome)).toEqual(["asked", "answered"]);
  });
});

async function overStdio(options: Way) {
  const { call, close } = await mcpOver(mcp.context, { ...options, shelf });
  return async (thing: string) => {
    const answer = await call("change_thing", { thing });
    await close();
    return answer;
  };
}

async function overHttp(options: Way) {
  const { call } = await mcp.connect(options);
  return (thing: string) => call("change_thing", { thing });
}
