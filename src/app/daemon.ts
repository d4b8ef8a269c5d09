import { fileURLToPath } from "node:url";

import type { Readiness, ServerSettings } from "../api/index.ts";
import type { Globals, ServeOptions } from "../cli/index.ts";
import { Failure, isFailure, systemClock, type Log } from "../domain/index.ts";
import { LookTrail } from "../operations/index.ts";
import { listConnections, listTenants, type ConnectionRow, type TenantRow } from "../store/index.ts";
import { openHost, tenantOf, type Host } from "./compose.ts";
import type { Settings } from "./config.ts";
import { HttpServer } from "./http-server.ts";
import { keepAnchoring, type LedgerHealth } from "./keep-anchoring.ts";
import { openOidc } from "./oidc-config.ts";
import { random } from "./random.ts";
import { sendAlerts } from "./send-alerts.ts";
import { offerSetup } from "./setup-link.ts";
import { runSyncProcess } from "./sync-process.ts";
import { SyncRunner } from "./sync-runner.ts";

export interface DaemonOptions {
  readonly settings: Settings;
  readonly globals: Globals;
  readonly options: ServeOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly log: Log;
  readonly note: (text: string) => void;
}

const PRINCIPAL = "daemon";
/** The same from the sources and from the bundle. */
const PAGES = fileURLToPath(new URL("../../dist/web", import.meta.url));

/**
 * Syncs every tenant on its schedule and answers over HTTP, until the signal.
 *
 * Each sync is a process of its own: the loop that answers stays free, and what a sync holds ends with it.
 */
export async function serve(daemon: DaemonOptions): Promise<void> {
  const { settings, globals, options, env, version, log, note } = daemon;
  const { signal } = options;
  const server = await HttpServer.listen(settings.listen, options.anyPort === true);
  try {
    const host = await openWhatThereIs({ settings, principal: PRINCIPAL, env, version, log, note, signal });
    try {
      await tenantOf(host.store, { tenant: globals.tenant, mode: "write" });
      const syncs = new SyncRunner({
        clock: systemClock,
        random,
        start: (tenant, order, onProgress) => runSyncProcess(daemon, tenant, order, onProgress),
      });
      signal.addEventListener("abort", () => void syncs.end(), { once: true });
      const health: LedgerHealth = { warnings: [], troubles: [] };
      server.answerWith(await apiOf(daemon, { host, syncs, health }, server.url));
      options.onListening(server.url);
      const origin = settings.publicUrl?.origin ?? server.url;
      const offering = offerSetup({ store: host.store, dataDir: host.dataDir, origin, note, signal }).catch(
        (thrown: unknown) => note(`no setup link could be made: ${isFailure(thrown) ? thrown.message : "a bug"}`),
      );
      const anchoring = keepAnchoring(host, health, { signal, note });
      await keepSyncing(daemon, host, syncs);
      await anchoring;
      await syncs.end();
      await offering;
      await server.close();
    } finally {
      await host.close();
    }
  } finally {
    await server.close();
  }
}

/** Where nothing can be written, what is there is served all the same; syncs end and say why. */
async function openWhatThereIs(options: Omit<Parameters<typeof openHost>[0], "mode">): Promise<Host> {
  try {
    return await openHost({ ...options, mode: "write" });
  } catch (thrown) {
    if (!isFailure(thrown, "store.read_only")) throw thrown;
    options.note(`${thrown.message} ${thrown.hint} What is there is served; nothing is synced.`);
    return openHost({ ...options, mode: "read" });
  }
}

async function apiOf(
  { settings, options, version, log }: DaemonOptions,
  { host, syncs, health }: { readonly host: Host; readonly syncs: SyncRunner; readonly health: LedgerHealth },
  url: string,
) {
  // Loaded here: no other command answers over HTTP.
  const { createApi, createAuth, LIMITS } = await import("../api/index.ts");
  const { mcpMount } = await import("./mcp-mount.ts");
  const { createAuthorization } = await import("../oauth/index.ts");
  const { fetchPublicDocument } = await import("../source/index.ts");
  const { store } = host;
  const { publicUrl, trustedProxies, metrics, rateLimit } = settings;
  const origin = publicUrl?.origin ?? url;
  const serverSettings: ServerSettings = {
    listenHost: settings.listen.host,
    publicUrl,
    trustedProxies,
    metrics,
    sso: settings.oidc,
    limits: rateLimit === null ? LIMITS : { ...LIMITS, requestsPerMinute: rateLimit },
  };
  const contextOf = (tenant: TenantRow) => host.contextOf(tenant);
  const auth = createAuth({
    store,
    clock: systemClock,
    random,
    log,
    origin: () => origin,
    contextOf,
    oidc: openOidc(settings.oidc),
  });
  const authorization = createAuthorization({
    store,
    clock: systemClock,
    random,
    log,
    origin: () => origin,
    contextOf,
    signedIn: (request, address) => auth.authenticate(request, address),
    settings: settings.oauth,
    safe: host.safe,
    fetchDocument: (address) => fetchPublicDocument(address),
  });
  const mcp = await mcpMount({
    version,
    writes: settings.allowWrites,
    random,
    log,
    origin,
    looks: new LookTrail(systemClock),
    syncs,
    contextOf,
    authenticate: (request, address) => authorization.authenticate(request, address),
    challenge: (refusal) => authorization.challenge(refusal),
  });
  return createApi({
    store,
    contextOf,
    auth,
    mounts: [mcp, ...authorization.mounts],
    syncs,
    settings: serverSettings,
    version,
    clock: systemClock,
    random,
    log,
    readiness: () => readinessOf(host, syncs),
    ledgerWarnings: () => health.warnings,
    ledgerTroubles: () => health.troubles,
    pages: PAGES,
    signal: options.signal,
  });
}

async function keepSyncing(daemon: DaemonOptions, host: Host, syncs: SyncRunner): Promise<void> {
  const { options, note } = daemon;
  const { signal } = options;
  while (!signal.aborted) {
    const startedAt = systemClock.now();
    for (const tenant of await tenantsToSync(daemon, host)) {
      if (signal.aborted) return;
      const { exit, problem } = await syncs.start(tenant, { what: "sync" }).ended;
      if (exit !== 0 && !signal.aborted)
        note(`sync of ${tenant} ended with ${exit}${problem === null ? "" : `: ${problem}`}`);
      if (!signal.aborted) await tellOf(daemon, host, tenant);
    }
    const wait = Math.max(1_000, options.everyMs - (systemClock.now() - startedAt));
    await systemClock.sleep(wait, signal).catch(() => {});
  }
}

/** What a sync brought to light goes out; that it could not is no reason to stop syncing. */
async function tellOf({ note }: DaemonOptions, host: Host, tenant: string): Promise<void> {
  try {
    await sendAlerts(host.contextOf(await tenantOf(host.store, { tenant, mode: "read" })));
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    note(`alerts of ${tenant} were not looked for: ${thrown.message}`);
  }
}

/** Those with a key that is not refused; only the one that was named, when one was. */
async function tenantsToSync({ globals }: DaemonOptions, host: Host): Promise<string[]> {
  const names = await tenantsWith(host, ({ state }) => state === "active");
  return names.filter((name) => globals.tenant === undefined || name === globals.tenant);
}

/** Tenants with such a connection. */
async function tenantsWith(
  { store, contextOf }: Host,
  isSuch: (connection: ConnectionRow) => boolean,
): Promise<string[]> {
  return store.read(async (tx) => {
    const names: string[] = [];
    for (const tenant of await listTenants(tx)) {
      const connections = await listConnections(tx, contextOf(tenant).scope);
      if (connections.some(isSuch)) names.push(tenant.name);
    }
    return names;
  });
}

async function readinessOf(host: Host, syncs: SyncRunner): Promise<Readiness> {
  const problems: string[] = [];
  try {
    // How a sync ended says nothing any more once its tenant has no key, not even a refused one.
    const connected = await tenantsWith(host, ({ state }) => state !== "disconnected");
    for (const { tenant } of syncs.runs()) if (!connected.includes(tenant)) syncs.forget(tenant);
  } catch (thrown) {
    problems.push(thrown instanceof Failure ? thrown.message : "the database does not answer");
  }
  if (host.isReadOnly) problems.push("the data folder is read-only: nothing can be synced");
  if (host.lockedBy !== null) problems.push(`the vault is locked: ${host.lockedBy}`);
  const ended = syncs.lastEnded();
  for (const [tenant, { exit }] of Object.entries(ended)) {
    if (exit === 4 || exit === 5) problems.push(`the last sync of ${tenant} ended with ${exit}`);
  }
  return { problems, syncs: ended };
}
