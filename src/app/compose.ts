import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";

import { operatorCaller } from "../access/index.ts";
import type { OpenMode, Session } from "../cli/index.ts";
import {
  DEFAULT_TENANT,
  Failure,
  isFailure,
  NAMED,
  systemClock,
  type Log,
  type Random,
  type Scope,
} from "../domain/index.ts";
import type { OperationContext } from "../operations/index.ts";
import { streams } from "../source/index.ts";
import { ensureTenant, findTenant, openStore, type Store } from "../store/index.ts";
import type { SyncEffects } from "../sync/index.ts";
import { createKekFile, readKekFile, Vault } from "../vault/index.ts";
import { CheckpointFile } from "./checkpoint-file.ts";
import type { Settings } from "./config.ts";
import { lookInto, makeFolder, type DataFolder } from "./data-folder.ts";
import { holderIsGone, holderName } from "./holder.ts";
import { createKeyring } from "./keyring.ts";
import { openSigner } from "./signer.ts";

export interface ComposeOptions {
  readonly settings: Settings;
  readonly mode: OpenMode;
  readonly tenant: string | undefined;
  readonly principal: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly log: Log;
  /** For one-line notes to whoever started us. */
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

export const random: Random = {
  bytes: (count) => randomBytes(count),
  // Jitter needs no better one.
  fraction: () => Math.random(),
};

const TABLES = streams.flatMap((stream) => stream.tables);

/**
 * Opens a tenant's record with everything real behind it.
 *
 * @throws Failure `store.*`, `store.unknown_tenant`, `app.config`
 */
export async function openSession(options: ComposeOptions): Promise<Session> {
  const { settings, mode, env, version, log, signal } = options;
  const folder = settings.databaseUrl === null ? lookInto(settings.data) : null;
  const store = await openTheStore(settings, mode, folder);
  try {
    const scope = await scopeOf(store, options);
    const vault = new Vault(kekOf(options, folder), random);
    const file = new CheckpointFile(settings.data, scope.tenant);
    const userAgent = `Bursar/${version}`;
    const keyring = createKeyring({ vault, store, scope, clock: systemClock, random, log, env, userAgent });
    let effects: Promise<SyncEffects> | undefined;
    const makeEffects = async (): Promise<SyncEffects> => {
      await file.check(store, scope);
      const signer = await openSigner({ store, vault, random, file }, scope);
      const holder = holderName(options.principal, hostname());
      return {
        store,
        streams,
        clock: systemClock,
        random,
        log,
        signer,
        holder,
        holderIsGone: holderIsGone(hostname()),
      };
    };
    const context: OperationContext = {
      scope,
      caller: operatorCaller(options.principal),
      store,
      streams,
      clock: systemClock,
      random,
      log,
      effects: () => (effects ??= makeEffects()),
      keyring,
      upstream: settings.upstream,
      restoreCheckpoint: () => file.restore(store, scope),
      signal,
    };
    return { context, dataDir: settings.data, close: () => store.close() };
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

async function openTheStore(settings: Settings, mode: OpenMode, folder: DataFolder | null): Promise<Store> {
  const { data, databaseUrl } = settings;
  if (databaseUrl !== null) return openStore({ databaseUrl, tables: TABLES, readonly: false });
  if (mode === "write") makeFolder(data);
  else if (folder?.hasDatabase !== true) throw new Failure("store.no_connection");
  return openStore({ dataDir: data, tables: TABLES, readonly: mode === "read" });
}

async function scopeOf(store: Store, { tenant = DEFAULT_TENANT, mode, principal }: ComposeOptions): Promise<Scope> {
  const found = await store.read((tx) => findTenant(tx, tenant));
  if (found !== null) return { tenantId: found.tenantId, tenant, principal, privacy: NAMED };
  if (tenant !== DEFAULT_TENANT) throw new Failure("store.unknown_tenant", { tenant });
  if (mode !== "write") throw new Failure("store.no_connection");
  const made = await store.write((tx) => ensureTenant(tx, tenant, systemClock.now()));
  return { tenantId: made.tenantId, tenant, principal, privacy: NAMED };
}

/**
 * The key-encryption key: the operator's file; else `kek` in the data folder, made with a brand new folder and never
 * later, because another key would open nothing.
 */
function kekOf(
  { settings, mode, note }: ComposeOptions,
  folder: DataFolder | null,
): ConstructorParameters<typeof Vault>[0] {
  const { data, kekFile } = settings;
  const path = kekFile ?? join(data, "kek");
  const isBrandNew = folder !== null && !folder.hasDatabase && !folder.hasKek;
  try {
    if (kekFile === null && isBrandNew && mode === "write") {
      createKekFile(path, random);
      note(`made the key-encryption key ${path}; keep a copy of it apart from the data (BURSAR_KEK_FILE)`);
    }
    return readKekFile(path, random);
  } catch (thrown) {
    // Locked, not ended: the record stays readable without the key.
    if (isFailure(thrown, "vault.kek_file"))
      return { problem: `${path} cannot be used, ${String(thrown.facts["problem"])}` };
    if (isFailure(thrown, "vault.locked")) return { problem: String(thrown.facts["problem"]) };
    throw thrown;
  }
}
