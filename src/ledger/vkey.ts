import { createPrivateKey, createPublicKey, hash, type KeyObject } from "node:crypto";
import { LedgerError } from "./error.ts";
import { parseBase64 } from "./spelling.ts";

/** The first byte of a key, which also says what its signatures look like. */
export const SIGNATURE_TYPES = { ed25519: 0x01, cosignature: 0x04 } as const;

export type SignatureType = keyof typeof SIGNATURE_TYPES;

/** A key that checks signature lines: the log's own, or a witness's. */
export interface VerifierKey {
  readonly name: string;
  readonly type: SignatureType;
  /** 8 lower-case hex digits. */
  readonly keyId: string;
  /** 32 bytes. */
  readonly publicKey: Buffer;
  /** The whole in its text form, `NAME+<key id>+<base64>`. */
  readonly vkey: string;
}

/** A key that writes signature lines. */
export interface SigningKey extends VerifierKey {
  readonly privateKey: KeyObject;
}

/**
 * Reads a vkey, `NAME+<8 hex of key id>+base64(type ‖ public key)`, and recomputes its key id.
 *
 * @throws LedgerError for another spelling, a key id that is not this key's, or a type that is not known here.
 */
export function parseVkey(text: string): VerifierKey {
  const [, name = "", keyId = "", key = ""] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  if (!isKeyName(name)) throw new LedgerError("a vkey that is not NAME+KEYID+KEY");
  const bytes = parseBase64(key);
  const type = typeOf(bytes[0]);
  if (type === undefined) throw new LedgerError("a vkey of a type that is not known here");
  const found = verifierKey(name, type, bytes.subarray(1));
  if (found.keyId !== keyId) throw new LedgerError(`a vkey whose key id is ${keyId} where its key has ${found.keyId}`);
  return found;
}

/** A vkey text for a public key. @throws LedgerError */
export function formatVkey(name: string, type: SignatureType, publicKey: Uint8Array): string {
  return verifierKey(name, type, publicKey).vkey;
}

/**
 * A signing key from its 32-byte Ed25519 seed (RFC 8032).
 *
 * @throws LedgerError
 */
export function signingKey(name: string, type: SignatureType, seed: Uint8Array): SigningKey {
  if (seed.length !== KEY_BYTES) throw new LedgerError(`a seed of ${seed.length} bytes`);
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return { ...verifierKey(name, type, spki.subarray(SPKI.length)), privateKey };
}

/** The public key as node:crypto wants it. */
export function publicKeyOf(key: VerifierKey): KeyObject {
  let object = keyObjects.get(key);
  if (object === undefined) {
    object = createPublicKey({ key: Buffer.concat([SPKI, key.publicKey]), format: "der", type: "spki" });
    keyObjects.set(key, object);
  }
  return object;
}

/** Names of keys stand in signature lines and vkeys, so they hold no space and no plus. */
export function isKeyName(name: string): boolean {
  return name !== "" && name.isWellFormed() && !/[\s+\p{C}\p{Z}]/u.test(name);
}

/**
 * Whether a text may name a log for ever: scheme-less, URL-like, visible ASCII without space or plus.
 *
 * It need not resolve.
 */
export function isOrigin(text: string): boolean {
  return text.length <= 255 && /^[!-~]+$/.test(text) && !text.includes("+") && !text.includes("://");
}

const KEY_BYTES = 32;
// The fixed DER in front of a raw Ed25519 key (RFC 8410).
const SPKI = Buffer.from("302a300506032b6570032100", "hex");
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const keyObjects = new WeakMap<VerifierKey, KeyObject>();

function verifierKey(name: string, type: SignatureType, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw new LedgerError("a key name with a space, a plus or nothing in it");
  if (publicKey.length !== KEY_BYTES) throw new LedgerError(`a public key of ${publicKey.length} bytes`);
  const typed = Buffer.concat([Buffer.from([SIGNATURE_TYPES[type]]), publicKey]);
  const digest = hash("sha256", Buffer.concat([Buffer.from(`${name}\n`), typed]), "hex");
  const keyId = digest.slice(0, 8);
  const vkey = `${name}+${keyId}+${typed.toString("base64")}`;
  return { name, type, keyId, publicKey: typed.subarray(1), vkey };
}

function typeOf(byte: number | undefined): SignatureType | undefined {
  if (byte === SIGNATURE_TYPES.ed25519) return "ed25519";
  if (byte === SIGNATURE_TYPES.cosignature) return "cosignature";
  return undefined;
}
