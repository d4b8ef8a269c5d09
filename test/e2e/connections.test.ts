import { createSocket } from "node:dgram";
import { once } from "node:events";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import { settings } from "../support/anchoring.ts";
import { startService } from "../support/outside.ts";
import { withStruckRecord } from "../support/struck-record.ts";
import { cannotTrace } from "../support/tracing.ts";
import { placesIn, watch, type Watched } from "../support/watched-program.ts";
import { cleanEnv, ended, hear, PROGRAM, temporaryFolder } from "./program.ts";

if (cannotTrace !== null) console.warn(`connections: skipped, ${cannotTrace}`);

const running: Watched[] = [];
afterEach(() => {
  for (const one of running.splice(0)) one.kill();
});

describe.skipIf(cannotTrace !== null)("the program", () => {
  it("connects to its upstream and the anchors that are on, and to nobody else, whatever it does", () =>
    withStruckRecord(async ({ context, folder, world, beside }) => {
      const authority = await startService(() => ({ status: 500 }));
      await settings(context, { "anchors.authorityUrl": authority.url.href });
      await context.store.close();
      const upstream = new URL(world.url).host;
      const env = { BURSAR_DATA: folder, BURSAR_UPSTREAM: world.url, BURSAR_LISTEN: "127.0.0.1:0" };
      const watched = (name: string, args: readonly string[]): Watched => {
        const surroundings = { env: cleanEnv({ ...env, BURSAR_PRIVATE_HOSTS: "127.0.0.1" }), cwd: "/" };
        const one = watch(beside(name), [PROGRAM, ...args], surroundings);
        running.push(one);
        return one;
      };
      const alone = async (name: string, args: readonly string[]): Promise<string[]> => {
        const { child } = watched(name, args);
        child.stdin.end();
        expect(await ended(child)).toMatchObject({ code: 0 });
        return placesIn(beside(name));
      };

      // What a sync signs is handed over beside the syncs, by the server.
      expect(await alone("sync.trace", ["sync"])).toEqual([upstream]);

      const server = watched("serve.trace", ["serve", "--json"]);
      const url = await hear(server.child).until(/"url": ?"([^"]+)"/);
      const ready = async () => (await (await fetch(`${url}/readyz`)).json()) as { syncs: Record<string, unknown> };
      await expect.poll(async () => (await ready()).syncs["default"]).toBeDefined();
      for (const path of ["/", "/api/v1/status", "/api/openapi.json", "/api/reference", "/metrics", "/mcp"]) {
        await (await fetch(`${url}${path}`)).text();
      }
      await expect.poll(() => authority.asked.length).toBeGreaterThan(0);
      const gone = once(server.child, "close");
      await server.end();
      await gone;
      expect(await placesIn(beside("serve.trace"))).toEqual([authority.url.host, upstream].toSorted());

      const assistant = watched("mcp.trace", ["mcp"]);
      const answers = hear(assistant.child);
      const clientInfo = { name: "test", version: "0" };
      for (const message of [
        { id: 1, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo } },
        { method: "notifications/initialized" },
        { id: 2, method: "tools/call", params: { name: "sync_status", arguments: {} } },
      ]) {
        assistant.child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
      }
      await answers.until(/"id":(2)\b/);
      const left = once(assistant.child, "close");
      assistant.child.stdin.end();
      await left;
      expect(await placesIn(beside("mcp.trace"))).toEqual([]);

      const silent = [
        ["verify"],
        ["ledger", "export", beside("ledger")],
        ["export", "cost_lines", "--out", beside("cost.csv")],
        ["backup", beside("backup")],
      ];
      for (const args of silent) expect(await alone(`${args[0]}.trace`, args), args.join(" ")).toEqual([]);
      await authority.close();
    }));

  it("would be seen sending a datagram, as names are asked for", async () => {
    const folder = await temporaryFolder();
    const listener = createSocket("udp4").bind(0, "127.0.0.1");
    try {
      await once(listener, "listening");
      const { port } = listener.address();
      const script = `const s = require("node:dgram").createSocket("udp4"); s.send("x", ${port}, "127.0.0.1", () => s.close());`;
      const trace = join(folder.path, "trace");
      const one = watch(trace, ["-e", script], { env: cleanEnv(), cwd: "/" });
      running.push(one);
      expect(await ended(one.child)).toMatchObject({ code: 0 });
      expect(await placesIn(trace)).toEqual([`127.0.0.1:${port}`]);
    } finally {
      listener.close();
      await folder.remove();
    }
  });
});
