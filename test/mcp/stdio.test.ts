import { PassThrough } from "node:stream";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { silentLog } from "../../src/domain/index.ts";
import { serveMcpStdio } from "../../src/mcp/index.ts";
import { KeptAnswers } from "../../src/mcp/kept-answers.ts";
import type { Shelf } from "../../src/mcp/shelf.ts";
import { LookTrail } from "../../src/operations/index.ts";
import { TestSyncs } from "../support/api.ts";
import { startMcp, type TestMcp } from "../support/mcp.ts";
import { fixtureShelf, waitingTool } from "../support/mcp-fixtures.ts";
import { mcpOver } from "../support/mcp-stdio.ts";

let mcp: TestMcp;
beforeAll(async () => {
  mcp = await startMcp({ empty: true });
});
afterAll(() => mcp.close());

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number };
}

/** A client that writes whatever it likes. */
function rawClient(shelf: Shelf = fixtureShelf()) {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const { context } = mcp;
  const opened = { context, kept: new KeptAnswers(), looks: new LookTrail(context.clock), syncs: new TestSyncs() };
  const ending = new AbortController();
  const ended = serveMcpStdio(
    { version: "0.0.0", writes: true, random: context.random, log: silentLog, origin: "http://127.0.0.1", shelf },
    { permissions: context.caller.permissions, open: async () => opened },
    { stdin: up, stdout: down, signal: ending.signal },
  );
  const heard: Message[] = [];
  const waiting = new Set<() => void>();
  let rest = "";
  down.on("data", (chunk: Buffer) => {
    const lines = `${rest}${chunk.toString("utf8")}`.split("\n");
    rest = lines.pop() ?? "";
    heard.push(...lines.map((line) => JSON.parse(line) as Message));
    for (const look of waiting) look();
  });
  const until = (isIt: (message: Message) => boolean): Promise<Message> =>
    new Promise((resolve) => {
      const look = () => {
        const found = heard.find(isIt);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const write = (message: unknown) =>
    void up.write(
      `${typeof message === "string" ? message : JSON.stringify({ jsonrpc: "2.0", ...(message as object) })}\n`,
    );
  return {
    heard,
    write,
    until,
    answer: (id: unknown) => until((message) => message.id === id && message.method === undefined),
    async initialize(protocolVersion: string) {
      const clientInfo = { name: "raw", version: "0" };
      write({ id: "init", method: "initialize", params: { protocolVersion, capabilities: {}, clientInfo } });
      const { result } = await until(({ id }) => id === "init");
      write({ method: "notifications/initialized" });
      return result?.["protocolVersion"];
    },
    async close() {
      up.end();
      await ended;
    },
  };
}

describe("a client on pipes", () => {
  it.each([
    ["2025-11-25", "2025-11-25"],
    ["2025-06-18", "2025-06-18"],
    // One that is not known is answered with the newest of those that begin so.
    ["2031-01-01", "2025-11-25"],
  ])("that begins with %s is answered in %s", async (asked, wanted) => {
    const client = rawClient();
    expect(await client.initialize(asked)).toBe(wanted);
    await client.close();
  });

  it("may write nonsense, and is answered still", async () => {
    const client = rawClient();
    await client.initialize("2025-11-25");
    client.write("{");
    client.write("nonsense");
    client.write("[]");
    client.write({ id: 1, method: "no/such" });
    client.write({ id: 2, method: "tools/call", params: { name: "no_such_tool" } });
    client.write({ id: 3, method: "tools/call", params: {} });
    client.write({ method: "tools/list" });
    client.write({ id: null, method: "tools/list" });
    client.write({
      id: 4,
      method: "tools/call",
      params: { name: "list_rows", arguments: { count: "x".repeat(1_000_000) } },
    });
    client.write({ id: 5, method: "tools/call", params: { name: "list_rows", arguments: { count: 1, more: 1 } } });
    expect((await client.answer(1)).error?.code).toBe(-32601);
    expect((await client.answer(2)).error?.code).toBe(-32602);
    expect((await client.answer(3)).error?.code).toBe(-32602);
    expect((await client.answer(4)).result?.["isError"]).toBe(true);
    expect((await client.answer(5)).result?.["isError"]).toBe(true);
    expect(JSON.stringify(client.heard)).not.toMatch(/ at .*:\d+:\d+|node_modules/);
    await client.close();
  });

  it("may call a hundred times at once: each is answered and recorded", async () => {
    const before = (await mcp.audit()).length;
    const { call, close } = await mcpOver(mcp.context, { shelf: fixtureShelf() });
    const answers = await Promise.all(Array.from({ length: 100 }, (_, count) => call("list_rows", { count })));
    expect(answers.map(({ data }) => data["total"])).toEqual(Array.from({ length: 100 }, (_, count) => count));
    expect((await mcp.audit()).length - before).toBe(100);
    await close();
  });
});

describe("a long call", () => {
  it("tells how far it is, and ends when it is cancelled", async () => {
    const { tool, begun, ended } = waitingTool();
    const client = rawClient(fixtureShelf(tool));
    await client.initialize("2025-11-25");
    const before = (await mcp.audit()).length;
    client.write({ id: 7, method: "tools/call", params: { name: "wait", _meta: { progressToken: "p" } } });
    await begun;
    const told = await client.until(({ method }) => method === "notifications/progress");
    expect(told).toMatchObject({ params: { progressToken: "p", progress: 1, total: 2, message: "half way" } });
    client.write({ method: "notifications/cancelled", params: { requestId: 7 } });
    expect(await ended).toBe("aborted");
    client.write({ id: 8, method: "ping" });
    await client.answer(8);
    await client.close();
    // It has an end in the record, and no answer.
    expect((await mcp.audit()).slice(before).map(({ outcome }) => outcome)).toEqual(["cancelled"]);
    expect(client.heard.filter(({ id }) => id === 7)).toEqual([]);
  });

  it("ends with the client, and the server with it", async () => {
    const { tool, begun, ended } = waitingTool();
    const client = rawClient(fixtureShelf(tool));
    await client.initialize("2025-11-25");
    client.write({ id: 7, method: "tools/call", params: { name: "wait" } });
    await begun;
    await client.close();
    expect(await ended).toBe("aborted");
  });

  it("over HTTP ends when the client hangs up", async () => {
    const { tool, begun, ended } = waitingTool();
    const server = await startMcp({ empty: true, parts: { shelf: fixtureShelf(tool) } });
    const { client } = await server.connect();
    const hangUp = new AbortController();
    const called = client.callTool({ name: "wait", arguments: {} }, { signal: hangUp.signal });
    await begun;
    hangUp.abort();
    await expect(called).rejects.toThrow();
    expect(await ended).toBe("aborted");
    await server.close();
  });
});
