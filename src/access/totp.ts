import { createHmac, timingSafeEqual } from "node:crypto";

import type { Random } from "../domain/index.ts";

/** What every authenticator app takes without being told: a code of six digits each 30 seconds, with SHA-1. */
const STEP_MS = 30_000;
const DIGITS = 6;
/** As RFC 4226 recommends: as long as what SHA-1 makes of it. */
const SECRET_BYTES = 20;
/** A clock may be half a minute off, and typing takes a moment. */
const STEPS_AROUND = 1;

export function newTotpSecret(random: Random): Buffer {
  return random.bytes(SECRET_BYTES);
}

/**
 * The code of a time step (RFC 6238): the HOTP value (RFC 4226) of how many steps have passed since 1970.
 *
 * @param digits other than six only in the RFC's own examples
 */
export function totpCode(secret: Buffer, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", secret).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

/**
 * The step of which this is the code, one around now and later than the one that was used last; null when there is none.
 *
 * All of them are compared, so that the time it takes says nothing.
 */
export function stepOfCode(secret: Buffer, code: string, nowMs: number, usedStep: number): number | null {
  const now = totpStep(nowMs);
  const typed = Buffer.from(code);
  let found: number | null = null;
  for (let step = now - STEPS_AROUND; step <= now + STEPS_AROUND; step++) {
    const right = Buffer.from(totpCode(secret, step));
    if (typed.length === right.length && timingSafeEqual(typed, right) && step > usedStep) found = step;
  }
  return found;
}

export function totpStep(nowMs: number): number {
  return Math.floor(nowMs / STEP_MS);
}

/** Whether a person typed what looks like a code of an app, with or without blanks. */
export function looksLikeTotp(typed: string): boolean {
  return new RegExp(`^\\d{${DIGITS}}$`).test(withoutBlanks(typed));
}

export function withoutBlanks(typed: string): string {
  return typed.replaceAll(/[\s-]/g, "");
}

/**
 * What authenticator apps open.
 *
 * Source: https://github.com/google/google-authenticator/wiki/Key-Uri-Format
 */
export function otpauthUri(secret: Buffer, account: string): string {
  const label = `Bursar:${encodeURIComponent(account)}`;
  const query = `secret=${base32(secret)}&issuer=Bursar&algorithm=SHA1&digits=${DIGITS}&period=${STEP_MS / 1_000}`;
  return `otpauth://totp/${label}?${query}`;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648, without padding. */
export function base32(bytes: Buffer): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(held >>> (bits - 5)) & 31]!;
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31]!;
}
