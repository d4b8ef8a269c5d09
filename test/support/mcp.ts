import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client, StreamableHTTPClientTransport, type CallToolResult } from "@modelcontextprotocol/client";

import { newApiToken, TOKEN_SCOPES, type Permission } from "../../src/access/index.ts";
import { createApi, createAuth } from "../../src/api/index.ts";
import { tenantOf } from "../../src/app/compose.ts";
import { readSettings } from "../../src/app/config.ts";
import { mcpMount } from "../../src/app/mcp-mount.ts";
import type { Log } from "../../src/domain/index.ts";
import { startEmulator, type Emulator, type EmulatorOptions } from "../../src/emulator/index.ts";
import type { McpHttpParts } from "../../src/mcp/index.ts";
import { catalog, LookTrail, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { insertApiToken, readLeaves } from "../../src/store/index.ts";
import { TestSyncs } from "./api.ts";
import { testRandom } from "./bursar.ts";
import { virtualClock, type VirtualClock } from "./clock.ts";
import { openTestHost } from "./opened.ts";
import { testServerSettings } from "./server-settings.ts";

/** A month of a small organization that ends on 2026-10-31, with teams and owners of keys, as the demo has them. */
export const MCP_WORLD = { seed: 7, people: 12, days: 30, end: "2026-10-31", scale: 1 };

export interface TestMcp {
  readonly emulator: Emulator;
  /** As the operator. It stands on the morning of 2026-11-01 until the test moves it. */
  readonly context: OperationContext;
  readonly clock: VirtualClock;
  readonly syncs: TestSyncs;
  readonly events: { level: string; event: string; fields: Readonly<Record<string, unknown>> }[];
  /** The whole server. */
  readonly app: ReturnType<typeof createApi>;
  /** As `fetch`, without a socket. */
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>;
  /** An API token with these permissions, all unless told. */
  token(permissions?: readonly Permission[]): Promise<string>;
  /** Another official client of the same server. */
  connect(options?: TestClientOptions): Promise<TestMcpClient>;
  /** Payloads of our own audit leaves, in order. */
  audit(): Promise<Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

export interface TestClientOptions {
  readonly permissions?: readonly Permission[];
  /** In place of a new one. */
  readonly token?: string;
  /** `2026-07-28` unless told; `2025` is what a client without negotiation speaks. */
  readonly revision?: "2026-07-28" | "2025";
  /** Answers questions to a person: approve, decline, or leave. Absent: the client can show none. */
  readonly approve?: (message: string) => "accept" | "decline" | "cancel" | Promise<"accept" | "decline" | "cancel">;
}

export interface TestMcpClient {
  readonly client: Client;
  /** Calls a tool; what is thrown is a protocol error. */
  call(name: string, args?: Readonly<Record<string, unknown>>): Promise<TestAnswer>;
}

export interface TestAnswer {
  readonly isError: boolean;
  readonly text: string;
  /** Structured content; the client has checked it against the tool's output schema. */
  readonly data: Record<string, unknown>;
  readonly result: CallToolResult;
}

export interface TestMcpOptions {
  readonly world?: EmulatorOptions["world"];
  readonly emulator?: Omit<EmulatorOptions, "world">;
  /** Nothing is connected or synced: for what is about the server alone. */
  readonly empty?: true;
  /** On unless told. */
  readonly writes?: boolean;
  /** Of one caller; as many as they like unless told. */
  readonly requestsPerMinute?: number;
  /** In place of what the server is made of. */
  readonly parts?: Partial<McpHttpParts>;
}

/** A real record, synced from the emulator and served over MCP; only syncs are a list and the clock stands still. */
export async function startMcp(options: TestMcpOptions = {}): Promise<TestMcp> {
  const dir = await mkdtemp(join(tmpdir(), "bursar-mcp-"));
  const emulator = await startEmulator({ world: options.world ?? MCP_WORLD, ...options.emulator });
  const ending = new AbortController();
  const events: TestMcp["events"] = [];
  const log: Log = (level, event, fields = {}) => void events.push({ level, event, fields });
  const writes = options.writes ?? true;
  const settings = readSettings({
    flags: { data: join(dir, "data"), upstream: emulator.url },
    env: writes ? { BURSAR_ALLOW_WRITES: "1" } : {},
    cwd: dir,
  });
  const host = await openTestHost({ settings, log, signal: ending.signal });
  const { store } = host;
  const tenant = await tenantOf(store, { tenant: undefined, mode: "write" });
  const clock = virtualClock(emulator.clock.now());
  const contextOf: typeof host.contextOf = (of) => ({ ...host.contextOf(of), clock });
  const context = contextOf(tenant);
  if (options.empty !== true) await fill(context, emulator);

  const syncs = new TestSyncs();
  const origin = "http://127.0.0.1";
  const auth = createAuth({ store, clock, random: testRandom, log, origin: () => origin, contextOf, oidc: null });
  const mcp = await mcpMount({
    version: "0.0.0",
    writes,
    random: testRandom,
    log,
    origin,
    looks: new LookTrail(clock),
    syncs,
    contextOf,
    authenticate: async (request, address) =>
      request.headers.has("authorization") ? auth.authenticate(request, address) : null,
    challenge: ({ error }) => `Bearer realm="test"${error === undefined ? "" : `, error="${error}"`}`,
    ...options.parts,
  });
  const { limits } = testServerSettings;
  const app = createApi({
    store,
    contextOf,
    auth,
    mounts: [mcp],
    syncs,
    settings: {
      ...testServerSettings,
      limits: { ...limits, requestsPerMinute: options.requestsPerMinute ?? limits.requestsPerMinute },
    },
    version: "0.0.0",
    clock,
    random: testRandom,
    log,
    readiness: async () => ({ problems: [], syncs: {} }),
    pages: "/nonexistent",
    signal: ending.signal,
  });
  const clients: Client[] = [];
  const test: TestMcp = {
    emulator,
    app,
    context,
    clock,
    syncs,
    events,
    fetch: async (path, { headers, ...init } = {}) =>
      app.request(path, { ...init, headers: { host: "127.0.0.1", ...Object.fromEntries(new Headers(headers)) } }),
    async token(scopes = TOKEN_SCOPES) {
      const { tokenId, text, secretHash } = newApiToken(testRandom);
      const createdMs = clock.now();
      // Used just now, so that no call of a test writes down when it was.
      const times = { createdMs, expiresMs: createdMs + 365 * 86_400_000, usedMs: createdMs };
      await store.write((tx) =>
        insertApiToken(tx, context.scope, { tokenId, accountId: null, name: "test", secretHash, scopes, ...times }),
      );
      return text;
    },
    async connect(asked = {}) {
      const bearer = asked.token ?? (await test.token(asked.permissions));
      const client = clientOf({ revision: "2026-07-28", ...asked });
      await client.connect(
        new StreamableHTTPClientTransport(new URL("/mcp", origin), {
          fetch: (url, init) => test.fetch(new URL(url).pathname, init),
          requestInit: { headers: { authorization: `Bearer ${bearer}` } },
        }),
      );
      // So that it knows the output schemas, and checks every answer against its own.
      await client.listTools();
      clients.push(client);
      return { client, call: (name, args) => callWith(client, name, args) };
    },
    async audit() {
      const leaves = await store.read((tx) => readLeaves(tx, context.scope, 0, 1_000_000));
      return leaves
        .map(({ payload }) => JSON.parse(payload ?? "{}") as Record<string, unknown>)
        .filter((said) => typeof said["event"] === "string");
    },
    async close() {
      ending.abort();
      for (const client of clients) await client.close();
      await host.close();
      await emulator.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
  return test;
}

/** Calls a tool; what is thrown is a protocol error. */
/** The official client, not connected yet; of the older revisions unless told. */
export function clientOf({ revision = "2025", approve }: Pick<TestClientOptions, "revision" | "approve">): Client {
  const client = new Client(
    { name: "test", version: "0.0.0" },
    {
      capabilities: approve === undefined ? {} : { elicitation: { form: {} } },
      ...(revision === "2025" ? {} : { versionNegotiation: { mode: { pin: revision } } }),
    },
  );
  if (approve !== undefined) {
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      const action = await approve(params.message);
      return action === "accept" ? { action, content: { approve: true } } : { action };
    });
  }
  return client;
}

export async function callWith(
  client: Client,
  name: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<TestAnswer> {
  const result = await client.callTool({ name, arguments: args });
  const texts = result.content.flatMap((block) => (block.type === "text" ? [block.text] : []));
  return {
    isError: result.isError === true,
    text: texts.join("\n"),
    data: (result.structuredContent ?? {}) as Record<string, unknown>,
    result,
  };
}

/** As the demo does it: a key, the whole past, the roster and the owners of keys. */
async function fill(context: OperationContext, { keys, world }: Emulator): Promise<void> {
  await runOperation(context, await catalog.connect(), { name: "main", key: keys.admin });
  const { outcome } = await runOperation(context, await catalog.backfill(), { from: world.truth().from });
  if (outcome !== "complete") throw new Error(`the back-fill ended ${outcome}`);
  await runOperation(context, await catalog.loadPeople(), { csv: loadable(world.roster()) });
  await runOperation(context, await catalog.loadKeyOwners(), { csv: loadable(world.keyOwners()) });
}

/** Upstream may name somebody with a zero character; whoever loads a file cannot: it is refused. */
function loadable(csv: string): string {
  return csv.replaceAll("\0", "");
}
