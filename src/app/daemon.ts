import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";

import type { Globals, ServeOptions, Session } from "../cli/index.ts";
import { Failure, systemClock, type Log } from "../domain/index.ts";
import { listConnections, listTenants, type ConnectionRow } from "../store/index.ts";
import { openSession } from "./compose.ts";
import type { Settings } from "./config.ts";
import { runSyncProcess, type SyncProcess } from "./sync-process.ts";

export interface DaemonOptions {
  readonly settings: Settings;
  readonly globals: Globals;
  readonly options: ServeOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly log: Log;
  readonly note: (text: string) => void;
}

/** How the last sync of each tenant ended, for `/readyz`. */
type Outcomes = Map<string, { readonly exit: number; readonly endedAt: string }>;

/**
 * Syncs every tenant on its schedule and answers health questions, until the signal.
 *
 * Each sync is a process of its own: the loop that answers stays free, and what a sync holds ends with it.
 */
export async function serve(daemon: DaemonOptions): Promise<void> {
  const { settings, globals, options, env, version, log, note } = daemon;
  const { signal } = options;
  const principal = "daemon";
  const session = await openSession({
    settings,
    mode: "write",
    tenant: globals.tenant,
    principal,
    env,
    version,
    log,
    note,
    signal,
  });
  const outcomes: Outcomes = new Map();
  const answer = getRequestListener(healthApp(daemon, session, outcomes).fetch);
  const server = createServer((request, response) => void answer(request, response));
  try {
    options.onListening(await listen(server, daemon));
    await keepSyncing(daemon, session, outcomes);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await session.close();
  }
}

async function keepSyncing(daemon: DaemonOptions, session: Session, outcomes: Outcomes): Promise<void> {
  const { options, note } = daemon;
  const { signal } = options;
  while (!signal.aborted) {
    const startedAt = systemClock.now();
    for (const tenant of await tenantsToSync(daemon, session)) {
      if (signal.aborted) return;
      const running = runSyncProcess(daemon, tenant);
      const { exit, problem } = await untilEnd(running, signal);
      outcomes.set(tenant, { exit, endedAt: new Date(systemClock.now()).toISOString() });
      if (exit !== 0 && !signal.aborted)
        note(`sync of ${tenant} ended with ${exit}${problem === "" ? "" : `: ${problem}`}`);
    }
    const wait = Math.max(1_000, options.everyMs - (systemClock.now() - startedAt));
    await systemClock.sleep(wait, signal).catch(() => {});
  }
}

const LONGEST_END_MS = 4_000;

/** A sync that is asked to end gets the time to finish its window, not more. */
async function untilEnd(running: SyncProcess, signal: AbortSignal): Promise<{ exit: number; problem: string }> {
  const end = () => {
    running.end();
    setTimeout(() => running.kill(), LONGEST_END_MS).unref();
  };
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  try {
    return await running.ended;
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** Those with a key that is not refused; only the one that was named, when one was. */
async function tenantsToSync({ globals }: DaemonOptions, session: Session): Promise<string[]> {
  const names = await tenantsWith(session, ({ state }) => state === "active");
  return names.filter((name) => globals.tenant === undefined || name === globals.tenant);
}

/** Tenants with such a connection. */
async function tenantsWith({ context }: Session, isSuch: (connection: ConnectionRow) => boolean): Promise<string[]> {
  const { store, scope } = context;
  return store.read(async (tx) => {
    const names: string[] = [];
    for (const { tenantId, name } of await listTenants(tx)) {
      const connections = await listConnections(tx, { ...scope, tenantId, tenant: name });
      if (connections.some(isSuch)) names.push(name);
    }
    return names;
  });
}

/** How a sync ended says nothing any more once its tenant has no key, not even a refused one. */
async function forgetDisconnected(session: Session, outcomes: Outcomes): Promise<void> {
  const connected = await tenantsWith(session, ({ state }) => state !== "disconnected");
  for (const tenant of outcomes.keys()) if (!connected.includes(tenant)) outcomes.delete(tenant);
}

/** `/healthz`: the process answers. `/readyz`: the record can be read and written, and syncing goes on. */
function healthApp({ settings, version }: DaemonOptions, session: Session, outcomes: Outcomes): Hono {
  const { context } = session;
  const app = new Hono();
  const hosts = new Set(["127.0.0.1", "localhost", "[::1]", settings.listen.host, `[${settings.listen.host}]`]);
  app.use(async (c, next) => {
    const host = (c.req.header("host") ?? "").replace(/:\d+$/, "");
    // A page of another site that points its own name here must not read answers.
    if (!hosts.has(host) && settings.listen.host !== "0.0.0.0" && settings.listen.host !== "::") {
      return c.json({ code: "host.unknown", message: "This host name is not served here." }, 421);
    }
    c.header("x-content-type-options", "nosniff");
    c.header("cache-control", "no-store");
    return next();
  });
  app.get("/healthz", (c) => c.json({ status: "ok", version }));
  app.get("/readyz", async (c) => {
    const problems: string[] = [];
    try {
      await forgetDisconnected(session, outcomes);
    } catch (thrown) {
      problems.push(thrown instanceof Failure ? thrown.message : "the database does not answer");
    }
    if (context.keyring.lockedBy !== null) problems.push(`the vault is locked: ${context.keyring.lockedBy}`);
    for (const [tenant, { exit }] of outcomes) {
      if (exit === 4 || exit === 5) problems.push(`the last sync of ${tenant} ended with ${exit}`);
    }
    const syncs = Object.fromEntries(outcomes);
    return c.json(
      { status: problems.length === 0 ? "ready" : "not_ready", problems, syncs },
      problems.length === 0 ? 200 : 503,
    );
  });
  app.get("/", (c) =>
    c.text(`Bursar ${version} keeps syncing. Health: /healthz and /readyz. Figures: bursar report.\n`),
  );
  app.notFound((c) =>
    c.json({ code: "not_found", message: "There is nothing here.", hint: "See / for what is." }, 404),
  );
  return app;
}

async function listen(server: ReturnType<typeof createServer>, { settings, options }: DaemonOptions): Promise<string> {
  const { host, port } = settings.listen;
  const attempt = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(wanted, host, () => {
        server.removeListener("error", reject);
        resolve();
      });
    });
  try {
    await attempt(port).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE" || options.anyPort !== true) throw error;
      return attempt(0);
    });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    const why = code === "EADDRINUSE" ? "is in use by another program" : `cannot be listened on (${code})`;
    throw new Failure("app.config", { field: "listen", problem: `${host}:${port} ${why}` }, { cause });
  }
  // A server that listens on a host and port has an address of this form.
  const address = server.address() as AddressInfo;
  return `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`;
}
