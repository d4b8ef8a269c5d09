import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, it } from "vitest";

import { operatorCaller, type Signed } from "../../src/access/index.ts";
import { HttpServer } from "../../src/app/http-server.ts";
import { listTenants } from "../../src/store/index.ts";
import { conformanceShelf } from "../support/conformance-fixtures.ts";
import { startMcp, type TestMcp } from "../support/mcp.ts";

const RUNNER = fileURLToPath(import.meta.resolve("@modelcontextprotocol/conformance/dist/index.js"));
const BASELINE = fileURLToPath(new URL("../fixtures/mcp-conformance.yml", import.meta.url));

let mcp: TestMcp;
let server: HttpServer;
beforeAll(async () => {
  // The runner has no token to show; everything else is as it is.
  const authenticate = async (): Promise<Signed> => {
    const [tenant] = await mcp.context.store.read((tx) => listTenants(tx));
    const caller = operatorCaller("conformance");
    return { kind: "token", account: null, seenMs: null, tenants: [{ ...tenant!, caller }] };
  };
  mcp = await startMcp({ empty: true, parts: { authenticate, shelf: conformanceShelf } });
  server = await HttpServer.listen({ host: "127.0.0.1", port: 0 }, false);
  server.answerWith(mcp.app);
});
afterAll(async () => {
  await server.close();
  await mcp.close();
});

it.each(["2026-07-28", "2025-11-25", "2025-06-18"])(
  "the official suite passes in every scenario of %s but those that have a reason",
  async (revision) => {
    const url = `${server.url}/mcp`;
    const args = [
      "server",
      "--url",
      url,
      "--suite",
      "all",
      "--spec-version",
      revision,
      "--expected-failures",
      BASELINE,
    ];
    const { code, output } = await run(args);
    expect(output).toMatch(/\nTotal: \d{2,} passed, /);
    expect(code, output.slice(-3_000)).toBe(0);
  },
);

it("every scenario that may fail has its reason above it", async () => {
  const lines = (await readFile(BASELINE, "utf8")).trimEnd().split("\n").slice(3);
  const blocks = lines.join("\n").split(/^(?= {2}#)/m);
  for (const block of blocks) expect(block).toMatch(/^ {2}# .{20,}\n(?: {2}- [\w:-]+\n?)+$/);
});

function run(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [RUNNER, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => void (output += chunk.toString("utf8")));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}
