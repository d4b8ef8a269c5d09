import { hostname } from "node:os";
import { join } from "node:path";

import { operatorCaller } from "../access/index.ts";
import type { OpenMode, Session } from "../cli/index.ts";
import { DEFAULT_TENANT, Failure, isFailure, NAMED, systemClock, type Log, type Scope } from "../domain/index.ts";
import type { KeySafe } from "../oauth/index.ts";
import type { OperationContext } from "../operations/index.ts";
import { streams } from "../source/index.ts";
import { ensureTenant, findTenant, listTenants, openStore, type Store, type TenantRow } from "../store/index.ts";
import { assertContinues, type SyncEffects } from "../sync/index.ts";
import { createKekFile, readKekFile, Vault, type KeyProvider, type Locked } from "../vault/index.ts";
import { CheckpointFile, keptCheckpoints } from "./checkpoint-file.ts";
import type { Settings } from "./config.ts";
import { lookInto, makeFolder, type DataFolder } from "./data-folder.ts";
import { ErasedFile } from "./erased-file.ts";
import { createFactorSafe } from "./factor-safe.ts";
import { holderIsGone, holderName } from "./holder.ts";
import { createKeyring } from "./keyring.ts";
import { createKeySafe } from "./key-safe.ts";
import { originOf } from "./origin.ts";
import { random } from "./random.ts";
import { createSigner } from "./signer.ts";
import { createSuppression, openSuppressor } from "./suppression.ts";
import { createVaultCare } from "./vault-care.ts";
import { readableStorage } from "./vault-storage.ts";

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

const TABLES = streams.flatMap((stream) => stream.tables);

/** The record with everything real behind it, for whichever of its tenants. */
export interface Host {
  readonly store: Store;
  /** Folder of the data, absolute. */
  readonly dataDir: string;
  /** Why keys can neither be sealed nor opened, or null. */
  readonly lockedBy: string | null;
  /** Nothing can be written: what is there is served. */
  readonly isReadOnly: boolean;
  /** Keys of the server itself. */
  readonly safe: KeySafe;
  /** What operations of this tenant may use; made once a tenant, with the rights of whoever runs the program. */
  contextOf(tenant: Pick<TenantRow, "tenantId" | "name">): OperationContext;
  close(): Promise<void>;
}

/**
 * Opens a tenant's record with everything real behind it.
 *
 * @throws Failure `store.*`, `store.unknown_tenant`, `app.config`
 */
export async function openSession(options: ComposeOptions): Promise<Session> {
  const host = await openHost(options);
  try {
    const tenant = await tenantOf(host.store, options);
    return {
      context: host.contextOf(tenant),
      dataDir: host.dataDir,
      origin: originOf(options.settings),
      close: () => host.close(),
    };
  } catch (thrown) {
    await host.close();
    throw thrown;
  }
}

/** As `openSession`, for a program that serves several tenants. */
export async function openHost(options: Omit<ComposeOptions, "tenant">): Promise<Host> {
  const { settings, mode } = options;
  const folder = settings.databaseUrl === null ? lookInto(settings.data) : null;
  const store = await openTheStore(settings, mode, folder);
  try {
    const kek = kekOf(options, folder);
    const vault = new Vault(kek, random);
    const locked = await lockedTenants(store, vault);
    const contexts = new Map<number, OperationContext>();
    return {
      store,
      dataDir: settings.data,
      lockedBy: vault.locked ?? [...locked.values()][0] ?? null,
      isReadOnly: mode === "read",
      safe: createKeySafe({ store, vault }),
      contextOf(tenant) {
        const made = contexts.get(tenant.tenantId) ?? contextOf(options, { store, vault, kek, locked }, tenant);
        contexts.set(tenant.tenantId, made);
        return made;
      },
      close: () => store.close(),
    };
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

interface Opened {
  readonly store: Store;
  readonly vault: Vault;
  readonly kek: KeyProvider | Locked;
  /** Why the vault opens nothing of a tenant, for those of which it does not. */
  readonly locked: ReadonlyMap<number, string>;
}

/** A key that is readable may still be another one than that which sealed: only trying it tells. */
async function lockedTenants(store: Store, vault: Vault): Promise<Map<number, string>> {
  if (vault.locked !== null) return new Map();
  return store.read(async (tx) => {
    const locked = new Map<number, string>();
    for (const { tenantId, name } of await listTenants(tx)) {
      const scope: Scope = { tenantId, tenant: name, principal: "vault", privacy: NAMED };
      const problem = await vault.problemWith(readableStorage(tx, scope));
      if (problem !== null) locked.set(tenantId, problem);
    }
    return locked;
  });
}

function contextOf(
  { settings, principal, env, version, log, signal }: Omit<ComposeOptions, "tenant">,
  { store, vault, kek, locked }: Opened,
  { tenantId, name }: Pick<TenantRow, "tenantId" | "name">,
): OperationContext {
  const scope: Scope = { tenantId, tenant: name, principal, privacy: NAMED };
  const signer = createSigner({ vault, random, file: new CheckpointFile(settings.data, name) }, scope);
  const userAgent = `Bursar/${version}`;
  const { allowWrites } = settings;
  const lockedBy = vault.locked ?? locked.get(tenantId) ?? null;
  const erased = { vault, store, file: new ErasedFile(settings.data, name) };
  const suppression = createSuppression(erased, scope);
  const suppressor = () => openSuppressor(erased, scope);
  const parts = {
    suppressor,
    vault,
    lockedBy,
    store,
    scope,
    clock: systemClock,
    random,
    log,
    env,
    userAgent,
    allowWrites,
  };
  const keyring = createKeyring(parts);
  const { data: dataDir, kekFile } = settings;
  const vaultCare = createVaultCare({ vault, kek, random, dataDir, kekFile });
  const unguarded: SyncEffects = {
    store,
    streams,
    clock: systemClock,
    random,
    log,
    signer,
    holder: holderName(principal, hostname()),
    holderIsGone: holderIsGone(hostname()),
  };
  let effects: Promise<SyncEffects> | undefined;
  const guarded = async (): Promise<SyncEffects> => {
    await assertContinues(store, scope, await signer.lastKept());
    return unguarded;
  };
  return {
    scope,
    caller: operatorCaller(principal),
    store,
    streams,
    clock: systemClock,
    random,
    log,
    // What failed is tried again: a server lives longer than the trouble.
    effects: () =>
      (effects ??= guarded().catch((thrown: unknown) => {
        effects = undefined;
        throw thrown;
      })),
    keyring,
    vaultCare,
    factorSafe: createFactorSafe(vault),
    suppression,
    dataFolder: { path: dataDir, version, keptCheckpoints: () => keptCheckpoints(dataDir) },
    upstream: settings.upstream,
    unguarded,
    outside: { ...settings.outside, environment: env, timeoutMs: 15_000 },
    signal,
  };
}

async function openTheStore(settings: Settings, mode: OpenMode, folder: DataFolder | null): Promise<Store> {
  const { data, databaseUrl } = settings;
  if (databaseUrl !== null) return openStore({ databaseUrl, tables: TABLES, readonly: false });
  if (mode === "write") makeFolder(data);
  else if (folder?.hasDatabase !== true) throw new Failure("store.no_connection");
  return openStore({ dataDir: data, tables: TABLES, readonly: mode === "read" });
}

/** The tenant that was named, or the default one, which is made in a record that is made. */
export async function tenantOf(
  store: Store,
  { tenant = DEFAULT_TENANT, mode }: Pick<ComposeOptions, "tenant" | "mode">,
): Promise<TenantRow> {
  const found = await store.read((tx) => findTenant(tx, tenant));
  if (found !== null) return found;
  if (tenant !== DEFAULT_TENANT) throw new Failure("store.unknown_tenant", { tenant });
  if (mode !== "write") throw new Failure("store.no_connection");
  return store.write((tx) => ensureTenant(tx, tenant, systemClock.now()));
}

/**
 * The key-encryption key: the operator's file; else `kek` in the data folder, made with a brand new folder and never
 * later, because another key would open nothing.
 */
function kekOf(
  { settings, mode, note }: Omit<ComposeOptions, "tenant">,
  folder: DataFolder | null,
): KeyProvider | Locked {
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
