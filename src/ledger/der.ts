import { LedgerError } from "./error.ts";

/** One element of DER: a tag of one byte and what it holds. */
export interface Der {
  readonly tag: number;
  readonly body: Buffer;
  /** Tag, length and body, as they stand in the source. */
  readonly whole: Buffer;
}

/** Tags of the few types that are read here. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  oid: 0x06,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/**
 * Reads one element that is all of the bytes.
 *
 * Only what DER allows: lengths are definite and in their shortest form, tags have one byte.
 *
 * @throws LedgerError
 */
export function readDer(bytes: Uint8Array): Der {
  const elements = elementsOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const [only] = elements;
  if (only === undefined || elements.length !== 1) throw new LedgerError("bytes that are not one DER element");
  return only;
}

/** The elements inside a constructed one. @throws LedgerError */
export function childrenOf(parent: Der): Der[] {
  if ((parent.tag & CONSTRUCTED) === 0) throw new LedgerError("a DER element that holds no others");
  return elementsOf(parent.body);
}

/** The element when it has this tag. @throws LedgerError when it is missing or another. */
export function expectDer(element: Der | undefined, tag: number, what: string): Der {
  if (element?.tag !== tag) throw new LedgerError(`${what} is not where it belongs`);
  return element;
}

/** An object identifier in its dotted form. @throws LedgerError */
export function oidOf(element: Der | undefined): string {
  const { body } = expectDer(element, TAG.oid, "an object identifier");
  if (body.length === 0 || body.at(-1)! >= 0x80) throw new LedgerError("an object identifier that is cut");
  const rest: bigint[] = [];
  let arc = 0n;
  for (const byte of body) {
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    rest.push(arc);
    arc = 0n;
  }
  // The first two stand in one.
  const first = rest.shift()!;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...rest].join(".");
}

/** A number that is not negative and small. @throws LedgerError */
export function smallIntegerOf(element: Der | undefined, what: string): number {
  const { body } = expectDer(element, TAG.integer, what);
  if (body.length === 0 || body.length > 4 || body[0]! >= 0x80) throw new LedgerError(`${what} is no small number`);
  return body.readUIntBE(0, body.length);
}

const CONSTRUCTED = 0x20;

function elementsOf(bytes: Buffer): Der[] {
  const elements: Der[] = [];
  for (let at = 0; at < bytes.length;) {
    const element = elementAt(bytes, at);
    elements.push(element);
    at += element.whole.length;
  }
  return elements;
}

function elementAt(bytes: Buffer, at: number): Der {
  const tag = bytes[at]!;
  if ((tag & 0x1f) === 0x1f) throw new LedgerError("a DER tag of several bytes");
  const first = bytes[at + 1];
  if (first === undefined) throw new LedgerError("DER that ends in the middle");
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new LedgerError("a DER length that is not definite and reasonable");
    if (start + count > bytes.length) throw new LedgerError("DER that ends in the middle");
    length = bytes.readUIntBE(start, count);
    start += count;
    if (length < 0x80 || length < 2 ** (8 * (count - 1)))
      throw new LedgerError("a DER length that is not the shortest");
  }
  const end = start + length;
  if (end > bytes.length) throw new LedgerError("DER that ends in the middle");
  return { tag, body: bytes.subarray(start, end), whole: bytes.subarray(at, end) };
}
