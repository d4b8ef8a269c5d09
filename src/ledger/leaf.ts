import { LedgerError } from "./error.ts";

export const LEAF_KINDS = ["genesis", "fetch", "rec", "gone", "run", "audit", "key", "anchor", "erase"] as const;

export type LeafKind = (typeof LEAF_KINDS)[number];

/** One entry of the log, by the names the format gives its members. */
export interface Leaf {
  /** When it was appended: UTC, exactly milliseconds and `Z`. Never before the previous leaf's. */
  readonly at: string;
  /** Commitment to the payload: 64 lower-case hex digits. */
  readonly c: string;
  /** Random 128-bit id of the thing, 32 lower-case hex digits; never derived from content or key. */
  readonly id: string;
  /** Index of the previous leaf with this id; null for the first. */
  readonly prev: number | null;
  /** The stream, `app` for our own events. */
  readonly s: string;
  readonly t: LeafKind;
  readonly v: 1;
  /** 1 for the first leaf with this id, then one more each time. */
  readonly ver: number;
}

/** Payloads of these kinds can never be erased: the log could not be checked without them. */
export const NEVER_ERASED: ReadonlySet<LeafKind> = new Set(["genesis", "key", "erase"]);

/**
 * The exact text of a leaf: canonical JSON, plain ASCII, these eight members.
 *
 * @throws LedgerError for a leaf that breaks the format: once in the tree it could never be taken out.
 */
export function leafText(leaf: Leaf): string {
  const prev = String(leaf.prev);
  const text =
    `{"at":"${leaf.at}","c":"${leaf.c}","id":"${leaf.id}","prev":${prev},` +
    `"s":"${leaf.s}","t":"${leaf.t}","v":${leaf.v},"ver":${leaf.ver}}`;
  if (!LEAF.test(text)) throw new LedgerError("a leaf with a member that breaks the format");
  checkMeaning(leaf.at, leaf.prev, leaf.ver, leaf.t);
  return text;
}

/** {@link leafText} as the bytes that are hashed and bundled. */
export function leafBytes(leaf: Leaf): Buffer {
  return Buffer.from(leafText(leaf), "latin1");
}

/**
 * Reads the bytes of a leaf, refusing every spelling but the one {@link leafBytes} writes.
 *
 * @throws LedgerError
 */
export function parseLeaf(bytes: Uint8Array): Leaf {
  // Latin-1 maps bytes to characters one to one, so that anything outside ASCII fails the pattern.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  const parts = LEAF.exec(text);
  if (parts === null) throw new LedgerError("a leaf that is not the eight members in canonical form");
  const [, at = "", c = "", id = "", prevText = "", s = "", t = "", verText = ""] = parts;
  const prev = prevText === "null" ? null : Number(prevText);
  const ver = Number(verText);
  // The pattern has matched, so `t` is one of the kinds it lists.
  const kind = t as LeafKind;
  checkMeaning(at, prev, ver, kind);
  return { at, c, id, prev, s, t: kind, v: 1, ver };
}

/**
 * The bytes that tell a leaf about ourselves, of this kind, from all others, and where in the leaf they stand, counted
 * from 1: such a leaf is always the first with its id, and what comes before has a fixed length.
 */
export function ownLeafMark(kind: "audit" | "run"): { readonly at: number; readonly bytes: Buffer } {
  const text = leafText({
    at: NEW_YEAR,
    c: "0".repeat(64),
    id: "0".repeat(32),
    prev: null,
    s: "app",
    t: kind,
    v: 1,
    ver: 1,
  });
  const from = text.indexOf('"prev"');
  return { at: from + 1, bytes: Buffer.from(text.slice(from, text.indexOf(',"v":')), "latin1") };
}

const NEW_YEAR = "2000-01-01T00:00:00.000Z";

const LEAF = new RegExp(
  String.raw`^\{"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","c":"([0-9a-f]{64})","id":"([0-9a-f]{32})",` +
    String.raw`"prev":(null|0|[1-9]\d{0,15}),"s":"([a-z0-9_]{1,64})","t":"(${LEAF_KINDS.join("|")})",` +
    String.raw`"v":1,"ver":([1-9]\d{0,15})\}$`,
);

function checkMeaning(at: string, prev: number | null, ver: number, kind: LeafKind): void {
  if (!isInstant(at)) throw new LedgerError(`a leaf dated ${at}`);
  if (!Number.isSafeInteger(ver) || (prev !== null && !Number.isSafeInteger(prev))) {
    throw new LedgerError("a leaf number beyond 2^53-1");
  }
  if ((ver === 1) !== (prev === null)) throw new LedgerError(`version ${ver} of a thing with prev ${prev}`);
  if (kind === "genesis" && ver !== 1) throw new LedgerError("a genesis leaf that is not a first version");
}

// Leaves of one batch share their time, and reading a date costs more than all other checks together.
let lastInstant = "";

/** Whether the text is a real moment in exactly this spelling (no 30 February, no hour 24). */
function isInstant(text: string): boolean {
  if (text === lastInstant) return true;
  const time = Date.parse(text);
  if (Number.isNaN(time) || new Date(time).toISOString() !== text) return false;
  lastInstant = text;
  return true;
}
