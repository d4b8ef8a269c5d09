import assert from "node:assert/strict";

import { newApiToken, operatorCaller, PERMISSIONS, type Permission } from "../../src/access/index.ts";
import { createApi, createAuth, LIMITS, type ApiParts, type Limits, type ServerSettings } from "../../src/api/index.ts";
import { HttpServer } from "../../src/app/http-server.ts";
import { Failure, type Log, type Scope } from "../../src/domain/index.ts";
import type {
  Keyring,
  OperationContext,
  Outside,
  SyncEvent,
  SyncOrder,
  SyncRun,
  Syncs,
} from "../../src/operations/index.ts";
import { streams } from "../../src/source/index.ts";
import { ensureTenant, insertApiToken, latestCheckpoint, type Store, type TenantRow } from "../../src/store/index.ts";
import { testRandom } from "./bursar.ts";
import type { VirtualClock } from "./clock.ts";
import { testSigner } from "./signer.ts";
import { testServerSettings } from "./server-settings.ts";

export interface TestApi {
  readonly app: ReturnType<typeof createApi>;
  readonly tenant: TenantRow;
  readonly contextOf: (tenant: TenantRow) => OperationContext;
  readonly syncs: TestSyncs;
  readonly events: { level: string; event: string; fields: Readonly<Record<string, unknown>> }[];
  /** Ends what would go on for ever. */
  readonly ending: AbortController;
  /** An API token of the operator. */
  token(permissions?: readonly Permission[], tenant?: string): Promise<string>;
  /** Asks without a socket, as whoever has this token. */
  get(path: string, token: string | null, headers?: Record<string, string>): Promise<Response>;
  post(path: string, token: string | null, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Listens on a port of the system's choice. */
  listen(): Promise<HttpServer>;
}

export interface TestApiOptions {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly limits?: Partial<Limits>;
  readonly settings?: Partial<ServerSettings>;
  readonly parts?: Partial<ApiParts>;
  readonly keyring?: Partial<Keyring>;
}

const HOST = { host: "127.0.0.1" };

/** The whole server over a store, with real accounts and tokens; only syncs are a list. */
export async function testApi(options: TestApiOptions): Promise<TestApi> {
  const { store, clock } = options;
  const tenant = await store.write((tx) => ensureTenant(tx, "default", 0));
  const events: TestApi["events"] = [];
  const log: Log = (level, event, fields = {}) => void events.push({ level, event, fields });
  const ending = new AbortController();
  const syncs = new TestSyncs();
  const contexts = new Map<number, OperationContext>();
  const contextOf = (of: TenantRow): OperationContext => {
    const found = contexts.get(of.tenantId) ?? contextFor(options, of, log, ending.signal);
    contexts.set(of.tenantId, found);
    return found;
  };
  const settings: ServerSettings = {
    ...testServerSettings,
    limits: { ...LIMITS, ...options.limits },
    ...options.settings,
  };
  const origin = settings.publicUrl?.origin ?? "http://127.0.0.1";
  const app = createApi({
    store,
    contextOf,
    auth: createAuth({ store, clock, random: testRandom, log, origin: () => origin, contextOf, oidc: null }),
    syncs,
    settings,
    version: "0.0.0",
    clock,
    random: testRandom,
    log,
    readiness: async () => ({ problems: [], syncs: {} }),
    pages: "/nonexistent",
    signal: ending.signal,
    ...options.parts,
  });
  const bearer = (token: string | null): Record<string, string> =>
    token === null ? {} : { authorization: `Bearer ${token}` };
  return {
    app,
    tenant,
    contextOf,
    syncs,
    events,
    ending,
    async token(permissions = PERMISSIONS.filter((one) => one !== "operate"), name = "default") {
      const made = newApiToken(testRandom);
      await store.write(async (tx) => {
        const { tenantId } = await ensureTenant(tx, name, 0);
        await insertApiToken(
          tx,
          { ...contextOf(tenant).scope, tenantId },
          {
            tokenId: made.tokenId,
            accountId: null,
            name: "test",
            secretHash: made.secretHash,
            scopes: permissions,
            createdMs: clock.now(),
            expiresMs: clock.now() + 365 * 86_400_000,
            usedMs: clock.now(),
          },
        );
      });
      return made.text;
    },
    get: async (path, token, headers = {}) => app.request(path, { headers: { ...HOST, ...bearer(token), ...headers } }),
    post: async (path, token, body, headers = {}) =>
      app.request(path, {
        method: "POST",
        headers: { ...HOST, "content-type": "application/json", ...bearer(token), ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    async listen() {
      const server = await HttpServer.listen({ host: "127.0.0.1", port: 0 }, false);
      server.answerWith(app);
      return server;
    },
  };
}

function contextFor(
  { store, clock, keyring }: TestApiOptions,
  { tenantId, name }: TenantRow,
  log: Log,
  signal: AbortSignal,
): OperationContext {
  const locked = () => Promise.reject(new Failure("vault.locked", { problem: "there is none in this test" }));
  const scope: Scope = { tenantId, tenant: name, principal: "test", privacy: { mode: "named" } };
  // The store may have been signed before this context was made.
  const lastKept = async () => (await store.read((tx) => latestCheckpoint(tx, scope)))?.note ?? null;
  const signer = { ...testSigner(), lastKept };
  const effects = { store, streams, clock, random: testRandom, log, signer, holder: "test" };
  return {
    scope,
    caller: operatorCaller("test"),
    store,
    streams,
    clock,
    random: testRandom,
    log,
    effects: async () => effects,
    keyring: {
      lockedBy: null,
      fingerprint: locked,
      put: locked,
      destroy: async () => {},
      clientOf: locked,
      clientFor: locked,
      ...keyring,
    },
    dataFolder: { path: "/nonexistent", version: "0.0.0", keptCheckpoints: async () => new Map() },
    suppression: {
      key: async () => Buffer.alloc(32, 7),
      kept: async () => [],
      keep: async () => {},
    },
    factorSafe: { put: locked, open: locked, destroy: async () => {} },
    vaultCare: {
      kekFile: "/nonexistent/kek",
      rotateDek: locked,
      openNewKek: () => assert.fail("no key changes in this test"),
    },
    upstream: { url: "http://127.0.0.1:9", isChosen: true },
    unguarded: effects,
    outside: nothingOutside,
    signal,
  };
}

/** Nobody is named whom checkpoints could leave for. */
export const nothingOutside: Outside = {
  privateHosts: [],
  copyFolder: null,
  sendmail: "/nonexistent/sendmail",
  environment: {},
  timeoutMs: 5_000,
};

/** Syncs that a test begins and ends. */
export class TestSyncs implements Syncs {
  readonly orders: { tenant: string; order: SyncOrder }[] = [];
  readonly #runs = new Map<string, SyncRun>();
  readonly #listeners = new Map<string, Set<(event: SyncEvent) => void>>();

  get listeners(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }

  start(tenant: string, order: SyncOrder): { run: SyncRun; isNew: boolean } {
    const before = this.#runs.get(tenant);
    if (before !== undefined && before.endedAt === null) return { run: before, isNew: false };
    this.orders.push({ tenant, order });
    const run: SyncRun = {
      id: `sync_${this.orders.length}`,
      tenant,
      what: order.what,
      startedAt: "2026-11-01T00:00:00.000Z",
      endedAt: null,
      exit: null,
      problem: null,
      progress: null,
    };
    this.#runs.set(tenant, run);
    this.tell("started", run);
    return { run, isNew: true };
  }

  latest(tenant: string): SyncRun | null {
    return this.#runs.get(tenant) ?? null;
  }

  subscribe(tenant: string, listener: (event: SyncEvent) => void): () => void {
    const listeners = this.#listeners.get(tenant) ?? new Set();
    this.#listeners.set(tenant, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  tell(event: SyncEvent["event"], run: SyncRun): void {
    this.#runs.set(run.tenant, run);
    for (const listener of this.#listeners.get(run.tenant) ?? []) listener({ event, run });
  }
}
