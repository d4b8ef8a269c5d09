import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";

import { withBursar } from "../support/bursar.ts";

const counts = {
  uncached_input_tokens: 1,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  cache_read_input_tokens: 0,
  output_tokens: 5,
  server_tool_use: { web_search_requests: 0 },
};

/** Serves `me` of the emulator's organization and one fixed messages report, whatever is asked. */
async function serving<T>(organizationId: string, buckets: unknown, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    const isMe = request.url?.endsWith("/me") === true;
    const body = isMe
      ? { id: organizationId, type: "organization", name: "Odd" }
      : { data: buckets, has_more: false, next_page: null };
    const text = JSON.stringify(body);
    response
      .writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) })
      .end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

it.each([
  ["two buckets that start within one day", ["2026-10-31T00:00:00Z", "2026-10-31T05:00:00Z"], 1],
  ["a bucket without a start", ["2026-10-31T00:00:00Z", null], 1],
])("keeps %s whole, puts neither twice into a total, and goes on", async (_, starts, rows) => {
  await withBursar({ world: { seed: 3, people: 2, days: 1, end: "2026-10-31", scale: 1 } }, async (bursar) => {
    const { id } = bursar.emulator.world.directory.organization;
    const buckets = starts.map((starting_at) => ({ starting_at, results: [counts] }));
    await serving(id, buckets, async (upstream) => {
      for (let syncs = 0; syncs < 2; syncs += 1) {
        const report = await bursar.sync({ upstream, streams: ["usage_total"] });
        const stream = report.streams.find((one) => one.stream === "usage_total")!;
        expect(report.outcome).toBe(syncs === 0 ? "partial" : "complete");
        expect(stream.new).toBe(syncs === 0 ? 2 : 0);
      }
    });
    const held = await bursar.store.read((tx) => tx.db.selectFrom("usage_total").selectAll().execute());
    expect(held).toHaveLength(rows);
    expect(await bursar.ledgerFailures()).toEqual([]);
  });
});
