import { createHmac } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

import { Failure, type Random } from "../domain/index.ts";
import { IV_BYTES, KEY_BYTES, KEY_ID_BYTES, keyIdOf, seal, unseal, type SealingKey } from "./seal.ts";

/**
 * The key above all keys. It only ever wraps data keys; it may live in a file, or elsewhere behind these two calls.
 */
export interface KeyProvider {
  wrap(plain: Buffer, context: readonly string[]): Promise<Buffer>;
  /**
   * @throws Failure `vault.locked` when another key wrapped the blob, `vault.altered` when the blob was changed.
   */
  unwrap(blob: Buffer, context: readonly string[]): Promise<Buffer>;
}

const WIDEST_MODE = 0o640;

/**
 * Reads the key-encryption key: 32 bytes raw, or 64 hex digits, in a file of mode 0640 at most.
 *
 * @throws Failure `vault.locked` when there is no such file, `vault.kek_file` when it cannot be used.
 */
export function readKekFile(path: string, random: Random): KeyProvider {
  return fileKek(keyOf(readPrivateFile(path), path), random);
}

/**
 * Makes a new key-encryption key in a new file of mode 0600.
 *
 * Only for a data folder without anything sealed: another key opens nothing.
 *
 * @throws Failure `vault.kek_file` when the file is there already.
 */
export function createKekFile(path: string, random: Random): void {
  const key = random.bytes(KEY_BYTES);
  try {
    writeKey(path, key);
    syncFolder(dirname(path));
  } catch (cause) {
    throw new Failure("vault.kek_file", { path, problem: problemOf(cause) }, { cause });
  } finally {
    key.fill(0);
  }
}

/**
 * Puts the key of one file into the place of another, whole or not at all: the key that stood there is gone.
 *
 * @throws Failure `vault.locked`, `vault.kek_file`
 */
export function installKekFile(from: string, to: string, random: Random): void {
  const key = keyOf(readPrivateFile(from), from);
  const temporary = `${to}.${random.bytes(6).toString("hex")}.partial`;
  try {
    writeKey(temporary, key);
    renameSync(temporary, to);
    syncFolder(dirname(to));
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new Failure("vault.kek_file", { path: to, problem: problemOf(cause) }, { cause });
  } finally {
    key.fill(0);
  }
}

function writeKey(path: string, key: Buffer): void {
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, `${key.toString("hex")}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Without it a new name may be forgotten by a power cut. Windows has no such call. */
function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function fileKek(key: Buffer, random: Random): KeyProvider {
  const sealing: SealingKey = { id: kekId(key), key };
  return {
    wrap: async (plain, context) => seal(sealing, random.bytes(IV_BYTES), plain, context),
    unwrap: async (blob, context) => {
      const plain = unseal(sealing, blob, context);
      if (plain) return plain;
      const sealedBy = keyIdOf(blob);
      if (sealedBy && !sealedBy.equals(sealing.id)) {
        throw new Failure("vault.locked", { problem: "the data were sealed with another key-encryption key" });
      }
      throw new Failure("vault.altered", { what: "its data key" });
    },
  };
}

/** Names a key without telling anything about it. */
function kekId(key: Buffer): Buffer {
  return createHmac("sha256", key).update("bursar kek id 1").digest().subarray(0, KEY_ID_BYTES);
}

function readPrivateFile(path: string): Buffer {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (cause) {
    const absent = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    if (absent) throw new Failure("vault.locked", { problem: `${path} does not exist` }, { cause });
    throw new Failure("vault.kek_file", { path, problem: problemOf(cause) }, { cause });
  }
  try {
    const { mode } = fstatSync(file);
    if (process.platform !== "win32" && (mode & 0o777 & ~WIDEST_MODE) !== 0) {
      const problem = `its mode is 0${(mode & 0o777).toString(8)}: run chmod 600 ${path}`;
      throw new Failure("vault.kek_file", { path, problem });
    }
    const bytes = Buffer.alloc(256);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure("vault.kek_file", { path, problem: problemOf(cause) }, { cause });
  } finally {
    closeSync(file);
  }
}

function keyOf(bytes: Buffer, path: string): Buffer {
  if (bytes.length === KEY_BYTES) return bytes;
  const text = bytes.toString("latin1").trim();
  if (!/^[0-9a-fA-F]{64}$/.test(text)) {
    throw new Failure("vault.kek_file", { path, problem: "it holds neither 32 bytes nor 64 hex digits" });
  }
  bytes.fill(0);
  return Buffer.from(text, "hex");
}

function problemOf(cause: unknown): string {
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return "unreadable";
}
