import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createWorld, startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { cleanEnv, ended, hear, PROGRAM, run, start, stop, temporaryFolder } from "./program.ts";

const INSPECTOR = new URL("../../node_modules/.bin/mcp-inspector", import.meta.url).pathname;

interface Golden {
  readonly tools: readonly { readonly name: string; readonly inputSchema: { readonly required?: readonly string[] } }[];
}
/** Makes a program say at its end how large each file is that it loaded. */
const TELLS_SIZES = `
  import { statSync } from "node:fs";
  import { registerHooks } from "node:module";
  const urls = [];
  registerHooks({
    load(url, context, next) {
      if (url.startsWith("file:")) urls.push(url);
      return next(url, context);
    },
  });
  process.on("exit", () => console.error("loaded", JSON.stringify(urls.map((url) => statSync(new URL(url)).size))));
`;

/** What the tools cannot do without, as far as it is the same everywhere. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  metric: "cost",
  search: "a",
  role: "user",
  email: "new@example.com",
  name: "New",
  limits: "[]",
};

interface Called {
  readonly isError?: boolean;
}

const golden = JSON.parse(await readFile(new URL("../golden/mcp-tools.json", import.meta.url), "utf8")) as Golden;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let emulator: Emulator;
let where: { readonly cwd: string; readonly env: Readonly<Record<string, string>> };
beforeAll(async () => {
  folder = await temporaryFolder();
  emulator = await startEmulator({ world: createWorld({ seed: 5, people: 4, days: 5, end: "2026-10-31", scale: 1 }) });
  where = { cwd: folder.path, env: { BURSAR_UPSTREAM: emulator.url, BURSAR_ALLOW_WRITES: "1" } };
});
afterAll(async () => {
  await emulator.close();
  await folder.remove();
});

/** As a desktop program starts it. */
async function connected(revision?: string): Promise<Client> {
  const negotiation = revision === undefined ? {} : { versionNegotiation: { mode: { pin: revision } } };
  const client = new Client({ name: "test", version: "0" }, negotiation);
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [PROGRAM, "mcp"],
      cwd: where.cwd,
      env: { ...getDefaultEnvironment(), ...cleanEnv(where.env) },
      stderr: "ignore",
    }),
  );
  return client;
}

async function textOf(client: Client, name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: args });
  return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
}

// One after the other: each goes on where the one before ended.
describe("bursar mcp", () => {
  it("lists its tools where there is no record yet, says what to do, and answers once there is one", async () => {
    const client = await connected();
    expect((await client.listTools()).tools).toEqual(golden.tools);
    expect(await textOf(client, "sync_status")).toBe(
      "No connection yet. Run bursar connect --name NAME and paste an Admin key. (store.no_connection)",
    );
    const made = await run(["connect", "--from", "2026-10-27"], { ...where, input: emulator.keys.admin });
    expect(made.code, made.err).toBe(0);
    expect((await run(["sync"], where)).code).toBe(0);
    // The same process, which looks again.
    expect(await textOf(client, "query_metric", { metric: "cost" })).toContain("2026-10-31 UTC: $");
    await client.close();
  });

  it("loads little to list its tools: the protocol and what reads its schemas, and nothing that opens a record", async () => {
    const child = spawn(
      process.execPath,
      ["--import", `data:text/javascript,${encodeURIComponent(TELLS_SIZES)}`, PROGRAM, "mcp"],
      {
        cwd: where.cwd,
        env: cleanEnv(where.env),
      },
    );
    const heard = hear(child);
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "0" } };
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`);
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/list" })}\n`);
    await heard.until(/("id":2)/);
    child.stdin.end();
    const sizes = JSON.parse(await heard.until(/loaded (\[.*\])/)) as number[];
    // All of the program is 5 MB; the protocol's package and zod alone are 1.5.
    expect(sizes.length).toBeGreaterThan(5);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_900_000);
  });

  it("answers a client of the newest revision", async () => {
    const client = await connected("2026-07-28");
    expect(client.getNegotiatedProtocolVersion()).toBe("2026-07-28");
    expect(await textOf(client, "claude_code_list_users")).toMatch(/^4 users /);
    await client.close();
  });

  it("says nothing on stdout but the protocol, and ends with its client", async () => {
    const child = start(["mcp", "--verbose"], where);
    const end = ended(child);
    const ask = (message: object) => void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    const heard = hear(child);
    const clientInfo = { name: "raw", version: "0" };
    ask({ id: 1, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo } });
    await heard.until(/("id":1)/);
    ask({ method: "notifications/initialized" });
    ask({ id: 2, method: "tools/call", params: { name: "claude_code_list_users", arguments: { live: true } } });
    await heard.until(/("id":2)/);
    child.stdin.end();
    const { code, out } = await end;
    expect(code).toBe(0);
    for (const line of out.trimEnd().split("\n")) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
  });

  it("ends within its time when it is asked to", async () => {
    const child = start(["mcp"], where);
    const heard = hear(child);
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "0" } };
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`);
    await heard.until(/("id":1)/);
    await stop(child);
    expect(child.exitCode).toBe(0);
  });

  it("is listed and called by the official inspector", { timeout: 300_000 }, async () => {
    const listed = JSON.parse(await inspected(["--method", "tools/list"])) as Golden;
    expect(listed.tools).toEqual(golden.tools);
    // Starting it takes seconds: all tools in the full check, one in each.
    const called = golden.tools.filter(({ name }) => process.env["BURSAR_FULL"] || name === "claude_code_list_users");
    for (const { name, inputSchema } of called) {
      const given = (inputSchema.required ?? []).map((member) => `${member}=${ARGUMENTS[member] ?? "unknown"}`);
      const args = given.length === 0 ? [] : ["--tool-arg", ...given];
      const answer = JSON.parse(await inspected(["--method", "tools/call", "--tool-name", name, ...args])) as Called;
      // Nobody has these ids: whoever is asked about them is told so by the tool itself.
      expect([name, answer.isError ?? false]).toEqual([name, given.some((one) => one.endsWith("=unknown"))]);
    }
  });
});

it("/mcp of bursar serve answers whoever has a token", async () => {
  const made = await run(["token", "create", "--name", "test", "--scopes", "read", "--json"], where);
  const { token } = JSON.parse(made.out) as { token: string };
  const child = start(["serve", "--listen", "127.0.0.1:0"], where);
  try {
    const url = await hear(child).until(/listening on (\S+);/);
    const client = new Client({ name: "test", version: "0" });
    await client.connect(
      new StreamableHTTPClientTransport(new URL("/mcp", url), {
        requestInit: { headers: { authorization: `Bearer ${token}` } },
      }),
    );
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain("query_metric");
    expect(names).not.toContain("claude_code_remove_user");
    expect(await textOf(client, "query_metric", { metric: "cost" })).toContain("$");
    await client.close();
    const nobody = await fetch(new URL("/mcp", url), { method: "POST", body: "{}", headers: JSON_TYPE });
    expect(nobody.status).toBe(401);
    expect(nobody.headers.get("www-authenticate")).toContain("/.well-known/oauth-protected-resource/mcp");
  } finally {
    await stop(child);
  }
});

const JSON_TYPE = { "content-type": "application/json" };

function inspected(args: readonly string[]): Promise<string> {
  // It hands on only what it is told to.
  const settings = Object.entries(where.env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const target = [...settings, "--", process.execPath, PROGRAM, "mcp"];
  const child = spawn(process.execPath, [INSPECTOR, "--cli", "--transport", "stdio", ...args, ...target], {
    cwd: where.cwd,
    env: cleanEnv({ ...where.env, HOME: folder.path }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end();
  return ended(child).then(({ code, out, err }) => {
    // 5: the tool answered that it failed.
    if (code !== 0 && code !== 5) throw new Error(`the inspector ended with ${code}: ${err}`);
    return out;
  });
}
