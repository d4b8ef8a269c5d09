import { Failure, type Clock, type Log, type Random, type Scope } from "../domain/index.ts";
import type { Keyring } from "../operations/index.ts";
import type { ClientOptions, Pace } from "../source/index.ts";
import type { ConnectionRow, Store } from "../store/index.ts";
import type { Suppressor } from "../sync/index.ts";
import { Secret, type Vault } from "../vault/index.ts";
import { readableStorage, sealOver, writableStorage } from "./vault-storage.ts";

const PURPOSE = "connection-key";

export interface KeyringParts {
  readonly vault: Vault;
  readonly lockedBy: string | null;
  readonly store: Store;
  readonly scope: Scope;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
  /** What takes out of each answer who was erased. */
  readonly suppressor: () => Promise<Suppressor>;
  /** Whether anything may be changed at Anthropic. */
  readonly allowWrites: boolean;
}

/** The keys of a tenant's connections, sealed in the vault. */
export function createKeyring(parts: KeyringParts): Keyring {
  const { vault, lockedBy, store, scope } = parts;
  const paces = new Map<string, Pace>();
  return {
    lockedBy,
    fingerprint: (tx, scope, key) => withSecret(key, (secret) => vault.fingerprint(writableStorage(tx, scope), secret)),
    put: (tx, scope, connectionId, key) =>
      withSecret(key, (secret) =>
        sealOver(vault, writableStorage(tx, scope), { purpose: PURPOSE, id: String(connectionId) }, secret),
      ),
    destroy: (tx, scope, connectionId) =>
      vault.destroySecret(writableStorage(tx, scope), PURPOSE, String(connectionId)),
    async clientOf(key, upstream) {
      const fingerprint = "00000000";
      const made = await openWith(parts, Secret.ofText(key), makeClient, { upstream, fingerprint });
      return { client: made.opened, close: made.close };
    },
    async clientFor(connection, upstream) {
      const { suppressingClient } = await import("../sync/index.ts");
      const suppressor = await parts.suppressor();
      const made = await open(connection, upstream, makeClient);
      return { client: suppressingClient(made.opened, suppressor), close: made.close };
    },
    ...(parts.allowWrites && {
      async writerFor(connection: ConnectionRow, upstream: string) {
        const made = await open(connection, upstream, makeWriter);
        return { writer: made.opened, close: made.close };
      },
    }),
  };

  /** A reader or a writer with the sealed key of a connection. */
  async function open<T extends { close(): Promise<void> }>(
    connection: ConnectionRow,
    upstream: string,
    make: (options: ClientOptions) => Promise<T>,
  ): Promise<Opened<T>> {
    const id = String(connection.connectionId);
    const secret = await store.read((tx) => vault.openSecret(readableStorage(tx, scope), PURPOSE, id));
    if (secret === null)
      throw new Failure("vault.altered", { what: `the key of connection ${connection.name} is gone` });
    // Upstream's limits are an organization's, whichever of its keys asks.
    const { createPace } = await import("../source/index.ts");
    const pace = paces.get(connection.organizationId) ?? createPace(parts.clock);
    paces.set(connection.organizationId, pace);
    return openWith(parts, secret, make, { upstream, fingerprint: connection.fingerprint ?? "00000000", pace });
  }
}

// Loaded when something is asked: the transport is the heaviest part, and most commands ask nothing.
const makeClient = async (options: ClientOptions) => {
  const { createClient } = await import("../source/index.ts");
  return createClient(options);
};
const makeWriter = async (options: ClientOptions) => {
  const { createWriter } = await import("../source/index.ts");
  return createWriter(options);
};

async function withSecret<T>(key: string, use: (secret: Secret) => Promise<T>): Promise<T> {
  const secret = Secret.ofText(key);
  try {
    return await use(secret);
  } finally {
    secret.wipe();
  }
}

interface Opened<T> {
  readonly opened: T;
  close(): Promise<void>;
}

/** Works with one key from its first request to its last, whatever is rotated meanwhile. */
async function openWith<T extends { close(): Promise<void> }>(
  { clock, random, log, env, userAgent }: KeyringParts,
  secret: Secret,
  make: (options: ClientOptions) => Promise<T>,
  { upstream, fingerprint, pace }: Pick<ClientOptions, "upstream" | "fingerprint" | "pace">,
): Promise<Opened<T>> {
  const openKey = () => secret.use((bytes) => bytes.toString("utf8"));
  const opened = await make({
    upstream,
    openKey,
    fingerprint,
    clock,
    random,
    userAgent,
    log,
    ...(pace && { pace }),
    transport: { environment: env },
  });
  return {
    opened,
    close: async () => {
      secret.wipe();
      await opened.close();
    },
  };
}
