import { createServer } from "node:https";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hashPassword, newId, type Permission, type Role } from "../../src/access/index.ts";
import { createApi, createAuth } from "../../src/api/index.ts";
import { tenantOf, type Host } from "../../src/app/compose.ts";
import { readSettings } from "../../src/app/config.ts";
import { HttpServer } from "../../src/app/http-server.ts";
import { mcpMount } from "../../src/app/mcp-mount.ts";
import { systemClock, type Clock, type Log } from "../../src/domain/index.ts";
import { TEST_CERTIFICATES } from "../../src/emulator/faults/test-certificates.ts";
import {
  createAuthorization,
  type Authorization,
  type BuiltInSettings,
  type OAuthSettings,
} from "../../src/oauth/index.ts";
import { LookTrail } from "../../src/operations/index.ts";
import { fetchPublicDocument } from "../../src/source/index.ts";
import { ensureTenant, insertAccount, putMembership, type TenantRow } from "../../src/store/index.ts";
import { TestSyncs } from "./api.ts";
import { testRandom } from "./bursar.ts";
import { openTestHost } from "./opened.ts";
import { testServerSettings } from "./server-settings.ts";

export interface TestOAuth {
  /** Where the server listens, and what it takes for its public address. */
  readonly origin: string;
  readonly authorization: Authorization;
  readonly host: Host;
  readonly tenant: TenantRow;
  readonly clock: Clock & { advance(ms: number): void };
  readonly events: { level: string; event: string; fields: Readonly<Record<string, unknown>> }[];
  /** Makes an account with a password and a role in some tenants, the first one unless told. */
  account(options?: TestAccountOptions): Promise<TestAccount>;
  /** A browser: keeps cookies by their paths, follows nothing by itself. */
  browser(): TestBrowser;
  close(): Promise<void>;
}

export interface TestAccountOptions {
  readonly role?: Role;
  readonly people?: boolean;
  readonly tenants?: readonly string[];
}

export interface TestAccount {
  readonly accountId: string;
  readonly email: string;
  readonly password: string;
}

export interface TestOAuthOptions {
  readonly settings?: OAuthSettings;
  /** The folder of another server that has ended. */
  readonly folder?: string;
  readonly kekFile?: string;
  readonly databaseUrl?: string;
  readonly pages?: string;
  /** In place of any port: the address of another server that has ended. */
  readonly listen?: string;
}

export const BUILT_IN: BuiltInSettings = { kind: "built-in", documents: true, registration: true };

const PASSWORD = "violet anchor plum 7";

/** The whole server on a port of its own: real accounts and sessions, the real `/mcp`, and who lets assistants in. */
export async function startOAuth(options: TestOAuthOptions = {}): Promise<TestOAuth> {
  const dir = options.folder ?? (await mkdtemp(join(tmpdir(), "bursar-oauth-")));
  const ending = new AbortController();
  const events: TestOAuth["events"] = [];
  const log: Log = (level, event, fields = {}) => void events.push({ level, event, fields });
  let ahead = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + ahead, advance: (ms: number) => void (ahead += ms) };
  const settings = readSettings({
    flags: { data: join(dir, "data") },
    env: {
      ...(options.kekFile === undefined ? {} : { BURSAR_KEK_FILE: options.kekFile }),
      ...(options.databaseUrl === undefined ? {} : { BURSAR_DATABASE_URL: options.databaseUrl }),
    },
    cwd: dir,
  });
  const host = await openTestHost({ settings, log, signal: ending.signal });
  const { store } = host;
  const tenant = await tenantOf(store, { tenant: undefined, mode: "write" });
  const server = await HttpServer.listen(
    { host: "127.0.0.1", port: Number(new URL(options.listen ?? "http://a:0").port) },
    false,
  );
  const origin = server.url;
  const contextOf: Host["contextOf"] = (of) => ({ ...host.contextOf(of), clock });
  const auth = createAuth({ store, clock, random: testRandom, log, origin: () => origin, contextOf, oidc: null });
  const authorization = createAuthorization({
    store,
    clock,
    random: testRandom,
    log,
    origin: () => origin,
    contextOf,
    signedIn: (request, address) => auth.authenticate(request, address),
    settings: options.settings ?? BUILT_IN,
    safe: host.safe,
    // Documents of clients stand on this machine in a test, and nowhere else does the guard look away.
    fetchDocument: (address) =>
      fetchPublicDocument(address, { trustLoopback: { ca: TEST_CERTIFICATES["self-signed"].cert } }),
  });
  const syncs = new TestSyncs();
  const mcp = await mcpMount({
    version: "0.0.0",
    writes: false,
    random: testRandom,
    log,
    origin,
    looks: new LookTrail(clock),
    syncs,
    contextOf,
    authenticate: (request, address) => authorization.authenticate(request, address),
    challenge: (refusal) => authorization.challenge(refusal),
  });
  server.answerWith(
    createApi({
      store,
      contextOf,
      auth,
      mounts: [mcp, ...authorization.mounts],
      syncs,
      settings: testServerSettings,
      version: "0.0.0",
      clock,
      random: testRandom,
      log,
      readiness: async () => ({ problems: [], syncs: {} }),
      pages: options.pages ?? "/nonexistent",
      signal: ending.signal,
    }),
  );
  let accounts = 0;
  return {
    origin,
    authorization,
    host,
    tenant,
    clock,
    events,
    async account({ role = "admin", people = false, tenants = [tenant.name] } = {}) {
      const accountId = newId(testRandom, "a");
      const email = `person${++accounts}@example.com`;
      const passwordHash = await hashPassword(PASSWORD);
      await store.write(async (tx) => {
        await insertAccount(tx, {
          accountId,
          email,
          name: `Person ${accounts}`,
          issuer: null,
          subject: null,
          contact: null,
          passwordHash,
          createdMs: clock.now(),
          signedInMs: null,
          secondFactorMs: null,
        });
        for (const name of tenants) {
          const { tenantId } = await ensureTenant(tx, name, clock.now());
          await putMembership(tx, { tenantId, accountId, role, people, personId: null, disabled: false });
        }
      });
      return { accountId, email, password: PASSWORD };
    },
    browser: () => testBrowser(origin),
    async close() {
      ending.abort();
      await server.close();
      await host.close();
      if (options.folder === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}

export interface TestBrowser {
  /** What it would send to a path. */
  cookieFor(path: string): string;
  ask(address: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  signIn(account: TestAccount): Promise<void>;
  /** Goes to an authorization request. @returns the id of the question that a person is asked, or where else it ends */
  begin(authorize: URL | string): Promise<{ readonly uid: string } | { readonly endsAt: URL }>;
  /** Answers it and goes on until the browser leaves the server. @returns where to */
  decide(uid: string, decision: TestDecision): Promise<URL>;
}

export type TestDecision =
  | { readonly decision: "deny" }
  | { readonly decision: "allow"; readonly tenant?: string; readonly scopes: readonly Permission[] };

/** A browser by hand for a server at this origin, the built program's too. */
export function testBrowser(origin: string): TestBrowser {
  const jar = new Map<string, { readonly path: string; readonly value: string }>();
  const self: TestBrowser = {
    cookieFor: (pathname) =>
      [...jar]
        .filter(([, { path }]) => isBelow(pathname, path))
        .map(([key, { value }]) => `${key.split("|")[0]}=${value}`)
        .join("; "),
    async ask(address, init = {}) {
      const url = new URL(address, origin);
      const cookie = self.cookieFor(url.pathname);
      const headers = { ...(cookie === "" ? {} : { cookie }), ...Object.fromEntries(new Headers(init.headers)) };
      const response = await fetch(url, { ...init, redirect: "manual", headers });
      for (const one of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
        const path = /; path=([^;]*)/i.exec(one)?.[1] ?? "/";
        const isGone = value === "" || /expires=Thu, 01 Jan 1970/i.test(one);
        if (isGone) jar.delete(`${name}|${path}`);
        else jar.set(`${name}|${path}`, { path, value });
      }
      return response;
    },
    post: (path, body, headers = {}) =>
      self.ask(path, {
        method: "POST",
        headers: { "content-type": "application/json", origin, ...headers },
        body: JSON.stringify(body),
      }),
    async signIn({ email, password }) {
      const { status } = await self.post("/auth/sign-in", { email, password });
      if (status !== 200) throw new Error(`signing in was answered ${status}`);
    },
    async begin(authorize) {
      const response = await self.ask(String(authorize), { headers: { accept: "text/html" } });
      const to = new URL(response.headers.get("location") ?? "", origin);
      const [, uid] = /^\/oauth\/interactions\/([\w-]+)$/.exec(to.pathname) ?? [];
      return uid === undefined ? { endsAt: to } : { uid };
    },
    async decide(uid, decision) {
      const body = decision.decision === "allow" ? { tenant: "default", ...decision } : decision;
      const response = await self.post(`/oauth/interactions/${uid}`, body);
      const answer = (await response.json()) as { redirectTo?: string; code?: string };
      if (answer.redirectTo === undefined) throw new Error(`the decision was answered ${answer.code}`);
      const resumed = await self.ask(answer.redirectTo, { headers: { accept: "text/html" } });
      return new URL(resumed.headers.get("location") ?? "", origin);
    },
  };
  return self;
}

function isBelow(pathname: string, path: string): boolean {
  return path === "/" || pathname === path || pathname.startsWith(`${path}/`);
}

/** Serves a client's metadata document on this machine, over https. */
export async function serveDocument(
  document: (address: string) => unknown,
): Promise<{ readonly address: string; readonly asked: () => number; close(): Promise<void> }> {
  let asked = 0;
  let address = "";
  const server = createServer(TEST_CERTIFICATES["self-signed"], (_, response) => {
    asked++;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(document(address)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/client.json`;
  return {
    address,
    asked: () => asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
