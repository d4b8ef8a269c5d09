import { createHash, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";

import type { Random } from "../domain/index.ts";

/** A random text that lets in whoever has it, and what of it is kept. */
export interface Opaque {
  /** 256 bits, base64url. Shown once, kept nowhere. */
  readonly token: string;
  readonly hash: Buffer;
}

/** For a session's cookie and a one-time link. */
export function newOpaque(random: Random): Opaque {
  const token = random.bytes(32).toString("base64url");
  return { token, hash: sha256(token) };
}

/** What is kept of a token: so random a text cannot be guessed from its hash. */
export function hashOfOpaque(token: string): Buffer {
  return sha256(token);
}

export interface NewApiToken {
  readonly tokenId: string;
  /** `bursar_ID_SECRET_CRC`; the check sum lets a scanner tell a real one from a typing mistake. */
  readonly text: string;
  readonly secretHash: Buffer;
}

export function newApiToken(random: Random): NewApiToken {
  const id = random.bytes(6).toString("hex");
  const secret = random.bytes(32).toString("hex");
  return { tokenId: `t_${id}`, text: `bursar_${id}_${secret}_${checkSum(id, secret)}`, secretHash: sha256(secret) };
}

export interface ReadApiToken {
  readonly tokenId: string;
  readonly secretHash: Buffer;
}

/** What a token says about itself; null when it is none, so that no database is asked. */
export function readApiToken(text: string): ReadApiToken | null {
  const [, id, secret, sum] = /^bursar_([0-9a-f]{12})_([0-9a-f]{64})_([0-9a-f]{8})$/.exec(text) ?? [];
  if (id === undefined || secret === undefined || sum !== checkSum(id, secret)) return null;
  return { tokenId: `t_${id}`, secretHash: sha256(secret) };
}

/** Compares in a time that says nothing about where two hashes differ. */
export function isSameHash(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** An id of our own: a letter that says of what, and 12 hex. */
export function newId(random: Random, kind: "a" | "s" | "g"): string {
  return `${kind}_${random.bytes(6).toString("hex")}`;
}

function checkSum(id: string, secret: string): string {
  return crc32(`${id}_${secret}`).toString(16).padStart(8, "0");
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}
