import { sign, verify } from "node:crypto";
import { LedgerError } from "./error.ts";
import { parseBase64, parseDecimal } from "./spelling.ts";
import { isKeyName, publicKeyOf, type SigningKey, type VerifierKey } from "./vkey.ts";

/** One line under a note, not yet checked. */
export interface SignatureLine {
  readonly name: string;
  /** 8 lower-case hex digits. */
  readonly keyId: string;
  /** What follows the key id. */
  readonly signature: Buffer;
  /** The line as it stands, without its newline. */
  readonly line: string;
}

/** A note taken apart, nothing checked but its form. */
export interface Note {
  /** What is signed: the text with its last newline. */
  readonly body: string;
  readonly signatures: readonly SignatureLine[];
}

/** A line that a known key has made. */
export interface KnownSignature {
  readonly key: VerifierKey;
  readonly line: string;
  /** When a witness cosigned, in seconds since 1970; null for the log's own signature. */
  readonly time: number | null;
}

/** A note with the lines of known keys checked; at least one is there. */
export interface OpenedNote extends Note {
  readonly known: readonly KnownSignature[];
  /** Lines of keys nobody named: ignored, as the note format asks. */
  readonly unknown: readonly SignatureLine[];
}

/**
 * Takes a signed note apart (C2SP signed-note).
 *
 * @throws LedgerError for a text that is not a note: no blank line, no signature, a broken line.
 */
export function parseNote(text: string): Note {
  if (text.length > LONGEST_NOTE) throw new LedgerError("a note beyond a megabyte");
  if (!text.isWellFormed() || CONTROLS.test(text)) throw new LedgerError("a note with control characters");
  const blank = text.lastIndexOf("\n\n");
  if (blank < 0 || !text.endsWith("\n")) throw new LedgerError("a note without signatures");
  const lines = text.slice(blank + 2, -1).split("\n");
  if (lines.length > MOST_LINES) throw new LedgerError(`a note with more than ${MOST_LINES} signature lines`);
  return { body: text.slice(0, blank + 1), signatures: lines.map(parseSignatureLine) };
}

/**
 * Checks the lines of the keys given and ignores the rest.
 *
 * A key is known by name and key id together. Two lines of one key are checked both.
 *
 * @throws LedgerError when a known key's line does not verify, or no line is of a known key.
 */
export function openNote(text: string, keys: readonly VerifierKey[]): OpenedNote {
  const note = parseNote(text);
  const known: KnownSignature[] = [];
  const unknown: SignatureLine[] = [];
  for (const line of note.signatures) {
    const key = keys.find((key) => key.name === line.name && key.keyId === line.keyId);
    if (key === undefined) unknown.push(line);
    else known.push({ key, line: line.line, time: checkLine(key, line, note.body) });
  }
  if (known.length === 0) throw new LedgerError("no signature by a known key");
  return { ...note, known, unknown };
}

/** The log's signature line over a note body, newline included. */
export function signNote(body: string, key: SigningKey): string {
  if (key.type !== "ed25519") throw new LedgerError("a witness key does not sign as a log");
  return signatureLine(key, sign(null, Buffer.from(body), key.privateKey));
}

/**
 * A witness's line over a note body (C2SP cosignature/v1), newline included.
 *
 * @param seconds when, since 1970
 */
export function cosignNote(body: string, key: SigningKey, seconds: number): string {
  if (key.type !== "cosignature") throw new LedgerError("a log key does not cosign");
  const time = Buffer.alloc(TIME_BYTES);
  time.writeBigUInt64BE(BigInt(seconds));
  return signatureLine(key, Buffer.concat([time, sign(null, cosigned(body, seconds), key.privateKey)]));
}

/**
 * Reads one signature line, such as a witness answers with.
 *
 * @param line without its newline
 * @throws LedgerError
 */
export function parseSignatureLine(line: string): SignatureLine {
  const [, name = "", base64 = ""] = /^— (\S+) ([A-Za-z0-9+/=]+)$/u.exec(line) ?? [];
  if (!isKeyName(name)) throw new LedgerError("a signature line that is not `— NAME BASE64`");
  const bytes = parseBase64(base64);
  if (bytes.length <= KEY_ID_BYTES) throw new LedgerError("a signature line without a signature");
  const keyId = bytes.subarray(0, KEY_ID_BYTES).toString("hex");
  return { name, keyId, signature: bytes.subarray(KEY_ID_BYTES), line };
}

/**
 * Checks one line of a key over a body.
 *
 * @returns the cosignature's time in seconds, or null for a log signature
 * @throws LedgerError when it is not that key's signature of that body.
 */
export function checkLine(key: VerifierKey, line: SignatureLine, body: string): number | null {
  const cosignature = key.type === "cosignature";
  const time = cosignature ? timeOf(line.signature) : null;
  const signature = cosignature ? line.signature.subarray(TIME_BYTES) : line.signature;
  const signed = time === null ? Buffer.from(body) : cosigned(body, time);
  const fits = line.name === key.name && line.keyId === key.keyId && signature.length === SIGNATURE_BYTES;
  if (!fits || !verify(null, signed, publicKeyOf(key), signature)) {
    throw new LedgerError(`the signature of ${key.name} (key ${key.keyId}) does not verify`);
  }
  return time;
}

const KEY_ID_BYTES = 4;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
// Notes may come from strangers: generous for any real one (a post-quantum cosignature is about 3.3 kB of base64).
const LONGEST_NOTE = 1_000_000;
const MOST_LINES = 100;
// eslint-disable-next-line no-control-regex -- refusing control characters is the point
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f]/;

function signatureLine(key: VerifierKey, signature: Uint8Array): string {
  return `— ${key.name} ${Buffer.concat([Buffer.from(key.keyId, "hex"), signature]).toString("base64")}\n`;
}

function cosigned(body: string, seconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${parseDecimal(String(seconds))}\n${body}`);
}

function timeOf(signature: Buffer): number {
  if (signature.length < TIME_BYTES) throw new LedgerError("a cosignature without a time");
  const seconds = signature.readBigUInt64BE(0);
  if (seconds > BigInt(Number.MAX_SAFE_INTEGER)) throw new LedgerError("a cosignature time beyond 2^53-1");
  return Number(seconds);
}
