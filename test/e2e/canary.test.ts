import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, expect, it } from "vitest";

import { createWorld, startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { SecretSearch } from "../support/secret-search.ts";
import { ended, run, start, temporaryFolder } from "./program.ts";

// Distinctive, and a shape that only the vault should ever hold.
const CANARY = "sk-ant-admin01-TEST-CANARYq7Wz3Kp9Vx5Ln1Rt8Bm4Yc6";
/** The one secret that stands in a file in the clear, and where: a search that does not find it finds nothing. */
const KEK_FILE = join("bursar-data", "kek");

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let emulator: Emulator;
let search: SecretSearch;

const environment = () => ({ BURSAR_UPSTREAM: emulator.url, BURSAR_LISTEN: "127.0.0.1:0", BURSAR_LOG: "trace" });

/** Runs a command at the most talkative level, looking at its command line, environment and files while it works. */
async function talk(args: readonly string[], input = ""): Promise<number | null> {
  const child = start([...args, "--verbose"], { cwd: folder.path, env: environment() });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const end = ended(child);
  while (child.exitCode === null && child.signalCode === null) {
    await search.overhear(child.pid);
    await search.files();
    await sleep(50);
  }
  const { code, out, err } = await end;
  search.say(out, err);
  return code;
}

beforeAll(async () => {
  folder = await temporaryFolder();
  search = new SecretSearch(folder.path);
  search.text("key", CANARY);
  const world = createWorld({ seed: 5, people: 4, days: 3, end: "2026-10-31", scale: 1 });
  emulator = await startEmulator({ world, keys: { admin: CANARY }, latencyMs: 5 });
});

afterAll(async () => {
  await emulator.close();
  await folder.remove();
});

it("a key is found nowhere: not in the database, its journal, the log, the output or the process list", async () => {
  expect(await talk(["connect"], CANARY)).toBe(0);
  // In the file it stands in hex.
  search.bytes("kek", Buffer.from((await readFile(join(folder.path, KEK_FILE), "utf8")).trim(), "hex"));
  expect(await talk(["backfill", "--all"])).toBe(0);
  expect(await talk(["probe"])).toBe(0);
  expect(await talk(["status", "--json"])).toBe(0);
  expectNothingTold();
}, 120_000);

it("nor in what leaves the machine: an export, the ledger, evidence, a backup", async () => {
  expect(await talk(["export", "cost_lines", "--out", "cost.csv"])).toBe(0);
  expect(await talk(["ledger", "export", "ledger"])).toBe(0);
  expect(await talk(["evidence", "access", "evidence"])).toBe(0);
  expect(await talk(["backup", "backup"])).toBe(0);
  await search.files();
  for (const name of ["cost.csv", "ledger/", "evidence/", "backup/"]) {
    expect([...search.searched].filter((path) => path.startsWith(name))).not.toEqual([]);
  }
  expectNothingTold();
});

it("nor in any answer of the server, right or wrong, its pages, its tools, or a report of the process", async () => {
  const reports = join(folder.path, "reports");
  await mkdir(reports);
  // A fault of ours that nobody catches, about the key; in two parts here, or this very file would hold it.
  const fault = join(folder.path, "fault.mjs");
  const parts = [CANARY.slice(0, 30), CANARY.slice(30)];
  await writeFile(
    fault,
    `process.on("SIGWINCH", () => void Promise.reject(new Error("stumbled over " + ${JSON.stringify(parts)}.join(""))));`,
  );
  const made = await run(["token", "create", "--name", "canary", "--scopes", "read,export,audit,people,sync"], {
    cwd: folder.path,
    env: environment(),
  });
  const token = made.out.trim();
  expect(token).toMatch(/^bursar_/);
  search.text("token", token);

  const child = start(["serve", "--json", "--verbose"], {
    cwd: folder.path,
    env: {
      ...environment(),
      NODE_OPTIONS: `--import=${fault} --report-on-signal --report-uncaught-exception --report-directory=${reports}`,
    },
  });
  const end = ended(child);
  try {
    const [line] = (await once(child.stdout, "data")) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const ask = async (path: string, init: RequestInit = {}, bearer = token) => {
      const headers = { authorization: `Bearer ${bearer}`, ...(init.headers as Record<string, string>) };
      const answer = await fetch(`${url}${path}`, { ...init, headers, signal: AbortSignal.timeout(20_000) });
      const text = await answer.text();
      search.say(JSON.stringify([...answer.headers]), text);
      return text;
    };
    const post = (path: string, body: unknown, headers = {}) =>
      ask(path, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", ...headers },
      });

    await search.overhear(child.pid);
    const { paths } = JSON.parse(await ask("/api/openapi.json")) as { paths: Record<string, { get?: unknown }> };
    const read = Object.keys(paths).filter((path) => paths[path]?.get !== undefined && !/events|\{/.test(path));
    expect(read.length).toBeGreaterThan(30);
    for (const path of read) {
      await ask(path);
      await ask(`${path}?metric=${CANARY}&tenant=${CANARY}`);
    }
    for (const page of ["/", "/settings", "/sign-in"]) await ask(page, { headers: { accept: "text/html" } });
    await ask("/api/v1/status", {}, CANARY);
    await post("/auth/sign-in", { email: "ada@example.com", password: CANARY });
    await post("/api/v1/connect", { key: CANARY, name: CANARY });

    const mcp = (method: string, params: object) =>
      post("/mcp", { jsonrpc: "2.0", id: 1, method, params }, MCP_HEADERS);
    const tools = [...(await mcp("tools/list", {})).matchAll(/\{"name":"(\w+)"/g)].map(([, name]) => name);
    expect(tools.length).toBeGreaterThan(20);
    for (const name of tools) await mcp("tools/call", { name, arguments: {} });
    await mcp("tools/call", { name: CANARY, arguments: { metric: CANARY } });
    await mcp("resources/list", {});

    child.kill("SIGUSR2");
    await expect.poll(() => readdir(reports)).toHaveLength(1);
    await search.overhear(child.pid);
    child.kill("SIGWINCH");
    const { code, err } = await end;
    expect(code).toBe(5);
    expect(err).toContain("stumbled over sk-ant-[removed]");
  } finally {
    child.kill("SIGTERM");
    const { out, err } = await end;
    search.say(out, err);
  }
  await search.files();
  expectNothingTold();
}, 120_000);

it("nor in what is said once upstream refuses it", async () => {
  emulator.revoke(CANARY);
  expect(await talk(["sync"])).toBe(4);
  await search.files();
  // The log did talk: a canary that nobody could have sung proves nothing.
  expect(search.said).toContain('"upstream.request"');
  expect([...search.searched]).toEqual(expect.arrayContaining(["bursar-data/bursar.db", "bursar-data/bursar.db-wal"]));
  expectNothingTold();
});

const MCP_HEADERS = { accept: "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18" };

function expectNothingTold(): void {
  expect([...search.telling]).toEqual([`kek in ${KEK_FILE}`]);
  expect(search.told()).toEqual([]);
}
