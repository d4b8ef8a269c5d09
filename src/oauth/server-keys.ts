import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from "node:crypto";

import type { Random } from "../domain/index.ts";
import type { SealingKey } from "../vault/index.ts";
import type { KeySafe } from "./parts.ts";

/** What the authorization server signs and seals with. In memory as long as the server runs, and nowhere else open. */
export interface ServerKeys {
  /** Of access tokens: ES256, the private key as the provider wants it. */
  readonly signing: JsonWebKey & { readonly kid: string };
  readonly verifying: KeyObject;
  readonly kid: string;
  /** Signs the two cookies of a consent. */
  readonly cookies: string;
  /** Seals what the server keeps in the database. */
  readonly artifacts: SealingKey;
}

const NAME = "oauth-keys";

/** Opens the keys; makes them at the first use. @throws Failure `vault.locked`, `vault.altered` */
export async function openServerKeys(safe: KeySafe, random: Random): Promise<ServerKeys> {
  const kept = JSON.parse(await safe.open(NAME, () => JSON.stringify(newKeys(random)))) as Kept;
  const signing = { ...kept.signing, kid: kept.kid, alg: "ES256", use: "sig" };
  return {
    signing,
    kid: kept.kid,
    verifying: publicKeyOf(signing),
    cookies: kept.cookies,
    artifacts: {
      id: Buffer.from(kept.artifacts.id, "base64url"),
      key: Buffer.from(kept.artifacts.key, "base64url"),
    },
  };
}

/** Written by ourselves, and sealed since. */
interface Kept {
  readonly kid: string;
  readonly signing: JsonWebKey;
  readonly cookies: string;
  readonly artifacts: { readonly id: string; readonly key: string };
}

function newKeys(random: Random): Kept {
  const text = (bytes: number) => random.bytes(bytes).toString("base64url");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    kid: text(12),
    signing: privateKey.export({ format: "jwk" }),
    cookies: text(32),
    artifacts: { id: text(16), key: text(32) },
  };
}

function publicKeyOf({ kty, crv, x, y }: JsonWebKey): KeyObject {
  return createPublicKey({ key: { kty: kty ?? "", crv: crv ?? "", x: x ?? "", y: y ?? "" }, format: "jwk" });
}
