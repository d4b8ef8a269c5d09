import { hashOfOpaque } from "../access/index.ts";
import type { Clock, Random } from "../domain/index.ts";
import {
  consumeOauthArtifact,
  deleteOauthArtifact,
  deleteOauthArtifactsOf,
  findOauthArtifact,
  putOauthArtifact,
  type Store,
} from "../store/index.ts";
import { IV_BYTES, seal, unseal, type SealingKey } from "../vault/index.ts";
import type { ProviderAdapter } from "./provider-types.ts";

export interface ArtifactParts {
  readonly store: Store;
  readonly clock: Pick<Clock, "now">;
  readonly random: Random;
  readonly key: SealingKey;
  /** Told when the provider ends a grant: a client gave it back, or a token came that was used before. */
  readonly onGrantEnd: (grantId: string) => Promise<void>;
  /** The provider's refusal of what was used already. */
  readonly alreadyUsed: () => Error;
}

/** A client that registers and is never allowed anything. One that is lives with its grants. */
const REGISTRATION_MS = 86_400_000;

/**
 * What the provider keeps, in our database: under a hash of its id, because an id of a code or a token lets in whoever
 * has it, and sealed, because the same id stands inside. What is copied into another row does not open.
 */
export function artifactsOf(kind: string, parts: ArtifactParts): ProviderAdapter {
  const { store, clock, random, key, onGrantEnd, alreadyUsed } = parts;
  const contextOf = (idHash: Buffer) => ["oauth-artifact", kind, idHash.toString("hex")];
  return {
    async upsert(id, payload, expiresInSeconds) {
      const idHash = hashOfOpaque(id);
      const { grantId } = payload;
      const row = {
        kind,
        idHash,
        grantId: kind === "Grant" ? id : typeof grantId === "string" ? grantId : null,
        payload: seal(key, random.bytes(IV_BYTES), Buffer.from(JSON.stringify(payload)), contextOf(idHash)),
        expiresMs: clock.now() + (expiresInSeconds === undefined ? REGISTRATION_MS : expiresInSeconds * 1_000),
      };
      await store.write((tx) => putOauthArtifact(tx, row, clock.now()));
    },
    async find(id) {
      const idHash = hashOfOpaque(id);
      const found = await store.read((tx) => findOauthArtifact(tx, kind, idHash));
      if (found === null || clock.now() >= found.expiresMs) return undefined;
      const plain = unseal(key, found.payload, contextOf(idHash));
      if (plain === null) return undefined;
      // Sealed by ourselves as an object.
      const payload = JSON.parse(plain.toString("utf8")) as Record<string, unknown>;
      return found.consumedMs === null ? payload : { ...payload, consumed: Math.floor(found.consumedMs / 1_000) };
    },
    async consume(id) {
      if (!(await store.write((tx) => consumeOauthArtifact(tx, kind, hashOfOpaque(id), clock.now()))))
        throw alreadyUsed();
    },
    async destroy(id) {
      if (kind === "Grant") await onGrantEnd(id);
      await store.write((tx) => deleteOauthArtifact(tx, kind, hashOfOpaque(id)));
    },
    revokeByGrantId: (grantId) => store.write((tx) => deleteOauthArtifactsOf(tx, kind, grantId)),
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
  };
}

/** Keeps nothing: whoever asks is signed in on the dashboard or not at all. */
export const nothingKept: ProviderAdapter = {
  upsert: async () => {},
  find: async () => undefined,
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
  consume: async () => {},
  destroy: async () => {},
  revokeByGrantId: async () => {},
};
