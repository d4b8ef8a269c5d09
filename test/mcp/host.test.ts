import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startMcp, type TestMcp } from "../support/mcp.ts";

let mcp: TestMcp;
beforeAll(async () => {
  mcp = await startMcp();
});
afterAll(() => mcp.close());

describe("a client", () => {
  it.each([
    ["2026-07-28", "2026-07-28"],
    ["2025", "2025-11-25"],
  ] as const)("of %s lists the tools", async (revision, negotiated) => {
    const { client } = await mcp.connect({ revision });
    expect(client.getNegotiatedProtocolVersion()).toBe(negotiated);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("query_metric");
  });
});
