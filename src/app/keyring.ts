import { Failure, type Clock, type Log, type Random, type Scope } from "../domain/index.ts";
import type { Keyring, OpenClient } from "../operations/index.ts";
import type { Pace } from "../source/index.ts";
import type { Store } from "../store/index.ts";
import { Secret, type Vault } from "../vault/index.ts";
import { readableStorage, writableStorage } from "./vault-storage.ts";

const PURPOSE = "connection-key";

export interface KeyringParts {
  readonly vault: Vault;
  readonly store: Store;
  readonly scope: Scope;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
}

/** The keys of a tenant's connections, sealed in the vault. */
export function createKeyring(parts: KeyringParts): Keyring {
  const { vault, store, scope } = parts;
  const paces = new Map<string, Pace>();
  return {
    lockedBy: vault.locked,
    fingerprint: (tx, scope, key) => withSecret(key, (secret) => vault.fingerprint(writableStorage(tx, scope), secret)),
    put: (tx, scope, connectionId, key) =>
      withSecret(key, async (secret) => {
        const storage = writableStorage(tx, scope);
        const id = String(connectionId);
        const isNew = (await storage.getSecret(PURPOSE, id)) === null;
        await (isNew
          ? vault.putSecret(storage, PURPOSE, id, secret)
          : vault.rotateSecret(storage, PURPOSE, id, secret));
      }),
    destroy: (tx, scope, connectionId) =>
      vault.destroySecret(writableStorage(tx, scope), PURPOSE, String(connectionId)),
    clientOf: (key, upstream) => openClient(parts, upstream, "00000000", Secret.ofText(key)),
    async clientFor(connection, upstream) {
      const id = String(connection.connectionId);
      const secret = await store.read((tx) => vault.openSecret(readableStorage(tx, scope), PURPOSE, id));
      if (secret === null)
        throw new Failure("vault.altered", { what: `the key of connection ${connection.name} is gone` });
      // Upstream's limits are an organization's, whichever of its keys asks.
      const { createPace } = await import("../source/index.ts");
      const pace = paces.get(connection.organizationId) ?? createPace(parts.clock);
      paces.set(connection.organizationId, pace);
      return openClient(parts, upstream, connection.fingerprint ?? "00000000", secret, pace);
    },
  };
}

async function withSecret<T>(key: string, use: (secret: Secret) => Promise<T>): Promise<T> {
  const secret = Secret.ofText(key);
  try {
    return await use(secret);
  } finally {
    secret.wipe();
  }
}

/** A client that works with one key from its first request to its last, whatever is rotated meanwhile. */
async function openClient(
  { clock, random, log, env, userAgent }: KeyringParts,
  upstream: string,
  fingerprint: string,
  secret: Secret,
  pace?: Pace,
): Promise<OpenClient> {
  // Loaded when something is asked: the transport is the heaviest part, and most commands ask nothing.
  const { createClient } = await import("../source/index.ts");
  const openKey = () => secret.use((bytes) => bytes.toString("utf8"));
  const client = createClient({
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
    client,
    close: async () => {
      secret.wipe();
      await client.close();
    },
  };
}
