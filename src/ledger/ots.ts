import { hash } from "node:crypto";
import { LedgerError } from "./error.ts";
import { HASH_BYTES } from "./hash.ts";

/** What somebody says about a message of an OpenTimestamps proof. */
export type Attestation =
  /** A calendar has taken the message and will put it into a block: no proof of a time yet. */
  | { readonly kind: "pending"; readonly uri: string }
  /** The message is the Merkle root of the Bitcoin block of this height. */
  | { readonly kind: "bitcoin"; readonly height: number }
  /** Kept as it is. */
  | { readonly kind: "unknown"; readonly tag: string; readonly payload: Buffer };

/** A step from one message to the next. */
export type OtsOperation =
  | { readonly name: "sha256" }
  | { readonly name: "append" | "prepend"; readonly bytes: Buffer };

/** A tree of messages: what is attested of this one, and the ways from it to others. */
export interface OtsStamp {
  readonly message: Buffer;
  readonly attestations: readonly Attestation[];
  readonly steps: readonly { readonly operation: OtsOperation; readonly stamp: OtsStamp }[];
}

/**
 * Reads an OpenTimestamps file over a SHA-256 digest; the digest is the message of the stamp.
 *
 * @throws LedgerError for another form, an operation that is not known, or too deep or long a proof.
 */
export function parseOts(file: Uint8Array): OtsStamp {
  const bytes = new Reader(file);
  if (!bytes.take(HEADER.length).equals(HEADER)) throw new LedgerError("a file that is no OpenTimestamps proof");
  if (bytes.byte() !== VERSION || bytes.byte() !== SHA256) throw new LedgerError("a proof of another version or hash");
  const stamp = stampOf(bytes, bytes.take(HASH_BYTES), DEEPEST);
  bytes.end();
  return stamp;
}

/** The file over the stamp's message, which must be a SHA-256 digest. @throws LedgerError */
export function formatOts(stamp: OtsStamp): Buffer {
  if (stamp.message.length !== HASH_BYTES) throw new LedgerError("a proof of something that is no digest");
  return Buffer.concat([HEADER, Buffer.from([VERSION, SHA256]), stamp.message, ...partsOf(stamp)]);
}

/** Reads a calendar's answer as a stamp **of this message**, so that it cannot point elsewhere. @throws LedgerError */
export function readOtsStamp(answer: Uint8Array, message: Uint8Array): OtsStamp {
  const bytes = new Reader(answer);
  const stamp = stampOf(bytes, Buffer.from(message), DEEPEST);
  bytes.end();
  return stamp;
}

/** A stamp whose only way leads on by this operation. */
export function stampThrough(message: Uint8Array, operation: OtsOperation, next: OtsStamp): OtsStamp {
  return { message: Buffer.from(message), attestations: [], steps: [{ operation, stamp: next }] };
}

/** The message that an operation makes of one. @throws LedgerError when it grows too long. */
export function applyOts(operation: OtsOperation, message: Uint8Array): Buffer {
  if (operation.name === "sha256") return hash("sha256", message, "buffer");
  const parts = operation.name === "append" ? [message, operation.bytes] : [operation.bytes, message];
  const result = Buffer.concat(parts);
  if (result.length > LONGEST) throw new LedgerError("a proof with too long a message");
  return result;
}

/** What both say about one message. @throws LedgerError when they are about two. */
export function mergeOts(first: OtsStamp, second: OtsStamp): OtsStamp {
  if (!first.message.equals(second.message)) throw new LedgerError("two proofs of different things");
  const steps = new Map(first.steps.map((step) => [keyOf(step.operation), step]));
  for (const { operation, stamp } of second.steps) {
    const known = steps.get(keyOf(operation));
    steps.set(keyOf(operation), { operation, stamp: known === undefined ? stamp : mergeOts(known.stamp, stamp) });
  }
  const attestations = new Map(
    [...first.attestations, ...second.attestations].map((one) => [attestationPart(one).toString("hex"), one]),
  );
  return { message: first.message, attestations: [...attestations.values()], steps: [...steps.values()] };
}

/** The stamp with another grafted wherever its message stands. */
export function graftOts(stamp: OtsStamp, graft: OtsStamp): OtsStamp {
  const grown = stamp.message.equals(graft.message) ? mergeOts(stamp, graft) : stamp;
  const steps = grown.steps.map((step) => ({ ...step, stamp: graftOts(step.stamp, graft) }));
  return stamp.message.equals(graft.message) ? grown : { ...grown, steps };
}

/** Every attestation, with the message it is about. */
export function* attestationsOf(stamp: OtsStamp): Generator<{ message: Buffer; attestation: Attestation }> {
  for (const attestation of stamp.attestations) yield { message: stamp.message, attestation };
  for (const step of stamp.steps) yield* attestationsOf(step.stamp);
}

const HEADER = Buffer.from("004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294", "hex");
const VERSION = 1;
const SHA256 = 0x08;
const APPEND = 0xf0;
const PREPEND = 0xf1;
const ATTESTATION = 0x00;
const MORE = 0xff;
const TAG_BYTES = 8;
const PENDING = "83dfe30d2ef90c8e";
const BITCOIN = "0588960d73d71901";
// A reader's limits, so that a stranger's proof costs little.
const DEEPEST = 256;
const LONGEST = 4_096;
const LONGEST_PAYLOAD = 8_192;
const LONGEST_URI = 1_000;

function stampOf(bytes: Reader, message: Buffer, deepest: number): OtsStamp {
  if (deepest === 0) throw new LedgerError("a proof that is too deep");
  const attestations: Attestation[] = [];
  const steps: { operation: OtsOperation; stamp: OtsStamp }[] = [];
  for (let isLast = false; !isLast;) {
    let tag = bytes.byte();
    isLast = tag !== MORE;
    if (!isLast) tag = bytes.byte();
    if (tag === ATTESTATION) {
      attestations.push(attestationOf(bytes));
      continue;
    }
    const operation = operationOf(bytes, tag);
    steps.push({ operation, stamp: stampOf(bytes, applyOts(operation, message), deepest - 1) });
  }
  return { message, attestations, steps };
}

function operationOf(bytes: Reader, tag: number): OtsOperation {
  switch (tag) {
    case SHA256:
      return { name: "sha256" };
    case APPEND:
    case PREPEND: {
      const argument = bytes.varBytes(LONGEST);
      if (argument.length === 0) throw new LedgerError("a proof that adds nothing");
      return { name: tag === APPEND ? "append" : "prepend", bytes: argument };
    }
    default:
      throw new LedgerError(`a proof with an operation that is not known here (${tag.toString(16)})`);
  }
}

function attestationOf(bytes: Reader): Attestation {
  const tag = bytes.take(TAG_BYTES).toString("hex");
  const payload = bytes.varBytes(LONGEST_PAYLOAD);
  const inside = new Reader(payload);
  if (tag === PENDING) {
    const uri = inside.varBytes(LONGEST_URI).toString("latin1");
    inside.end();
    // As other readers have it: nothing in it could hide a query, a login or another host.
    if (!/^[A-Za-z0-9._/:-]+$/.test(uri)) throw new LedgerError("a calendar's address with characters that none has");
    return { kind: "pending", uri };
  }
  if (tag === BITCOIN) {
    const height = inside.varUint();
    inside.end();
    return { kind: "bitcoin", height };
  }
  return { kind: "unknown", tag, payload };
}

function* partsOf(stamp: OtsStamp): Generator<Buffer> {
  // Attestations before operations, each but the last behind a mark.
  const items = [
    ...stamp.attestations.map((one) => [attestationPart(one)]),
    ...stamp.steps.map(({ operation, stamp: next }) => [operationPart(operation), ...partsOf(next)]),
  ];
  if (items.length === 0) throw new LedgerError("a proof that says nothing");
  for (const [at, parts] of items.entries()) {
    if (at < items.length - 1) yield Buffer.from([MORE]);
    yield* parts;
  }
}

function attestationPart(attestation: Attestation): Buffer {
  const [tag, payload] =
    attestation.kind === "pending"
      ? [PENDING, varBytes(Buffer.from(attestation.uri, "latin1"))]
      : attestation.kind === "bitcoin"
        ? [BITCOIN, varUint(attestation.height)]
        : [attestation.tag, attestation.payload];
  return Buffer.concat([Buffer.from([ATTESTATION]), Buffer.from(tag, "hex"), varBytes(payload)]);
}

function operationPart(operation: OtsOperation): Buffer {
  if (operation.name === "sha256") return Buffer.from([SHA256]);
  return Buffer.concat([Buffer.from([operation.name === "append" ? APPEND : PREPEND]), varBytes(operation.bytes)]);
}

function keyOf(operation: OtsOperation): string {
  return operationPart(operation).toString("hex");
}

function varBytes(bytes: Uint8Array): Buffer {
  return Buffer.concat([varUint(bytes.length), bytes]);
}

function varUint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  take(count: number): Buffer {
    if (this.#at + count > this.#bytes.length) throw new LedgerError("a proof that ends in the middle");
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** Seven bits a byte, the low ones first. */
  varUint(): number {
    let value = 0;
    for (let place = 1; ; place *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * place;
      if (!Number.isSafeInteger(value)) throw new LedgerError("a proof with too large a number");
      if (byte < 0x80) return value;
    }
  }

  varBytes(most: number): Buffer {
    const length = this.varUint();
    if (length > most) throw new LedgerError("a proof with too long a part");
    return this.take(length);
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new LedgerError("a proof that goes on after its end");
  }
}
