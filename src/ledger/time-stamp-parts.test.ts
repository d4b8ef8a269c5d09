import { constants, createHash, sign } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import {
  algorithm,
  attribute,
  der,
  integer,
  octets,
  oid,
  OIDS,
  sequence,
  set,
  signedWith,
  stampAttributes,
  stampBy,
  stampContent,
  stamperIn,
  stampersOf,
  type StampParts,
  type Stamper,
} from "../../test/support/handmade-time-stamp.ts";
import { opensslMissing } from "../../test/support/time-stamp-authority.ts";
import { LedgerError } from "./error.ts";
import { openTimeStamp, timeStampRequest } from "./time-stamp.ts";

const missing = opensslMissing();
if (missing !== null) console.warn(`handmade time stamps: skipped, ${missing}`);

const digest = createHash("sha256").update("the text of a checkpoint\n").digest();
const content = stampContent(digest);
const AT = Date.UTC(2026, 0, 2, 3, 4, 5);

let rsa: Stamper;
let issuer: Stamper;
let root: Stamper;
let curve: Stamper;
let plain: Stamper;
let edwards: Stamper;

beforeAll(async () => {
  if (missing !== null) return;
  const [rsaFolder, curveFolder] = [await stampersOf("rsa"), await stampersOf("one")];
  [rsa, issuer, root] = [stamperIn(rsaFolder), stamperIn(rsaFolder, "issuer"), stamperIn(rsaFolder, "root")];
  [curve, plain] = [stamperIn(curveFolder), stamperIn(curveFolder, "plain")];
  edwards = stamperIn(await stampersOf("ed25519"));
});

const open = (change: Partial<StampParts> = {}, stamper = rsa) =>
  openTimeStamp(stampBy(stamper, digest, change), { digest });
const times = (time: string) => stampContent(digest, { time });
const rest = (...parts: Buffer[]) => stampContent(digest, { rest: parts });

it.each([31, 33])("no request is made for a digest of %i bytes", (length) => {
  expect(() => timeStampRequest(Buffer.alloc(length), Buffer.alloc(8))).toThrow("no digest or no nonce");
});
it.each([7, 9])("no request is made with a nonce of %i bytes", (length) => {
  expect(() => timeStampRequest(digest, Buffer.alloc(length))).toThrow("no digest or no nonce");
});

describe.skipIf(missing !== null)("a stamp", () => {
  it("says when, by whom, and nothing of trust where none was asked for", () => {
    expect(open()).toEqual({ atMs: AT, by: "Test authority", isTrusted: null });
  });

  it.each<[string, () => Partial<StampParts>, (() => Stamper)?]>([
    ["granted with changes", () => ({ status: sequence(integer(1)) })],
    [
      "a certificate named by SHA-1",
      () => ({ attributes: [...stampAttributes(rsa, content).slice(0, 2), signedWith(rsa, "sha1")] }),
    ],
    [
      "a certificate named by a hash that it states",
      () => ({ attributes: [...stampAttributes(rsa, content).slice(0, 2), signedWith(rsa, "sha512", OIDS.sha512)] }),
    ],
    [
      "both names of the certificate, of which the newer counts",
      () => ({ attributes: [...stampAttributes(rsa, content), signedWith(issuer, "sha1")] }),
    ],
    [
      "SHA-384",
      () => ({
        digestAlgorithm: algorithm(OIDS.sha384),
        attributes: stampAttributes(rsa, content, "sha384"),
        sign: (message) => sign("sha384", message, rsa.key),
      }),
    ],
    [
      "SHA-512",
      () => ({
        digestAlgorithm: algorithm(OIDS.sha512),
        attributes: stampAttributes(rsa, content, "sha512"),
        sign: (message) => sign("sha512", message, rsa.key),
      }),
    ],
    ...(
      [
        ["1.2.840.113549.1.1.11", "sha256"],
        ["1.2.840.113549.1.1.12", "sha384"],
        ["1.2.840.113549.1.1.13", "sha512"],
      ] as const
    ).map(([name, hash]): [string, () => Partial<StampParts>] => [
      `RSA that names ${hash} itself`,
      () => ({ signatureAlgorithm: algorithm(name), sign: (message) => sign(hash, message, rsa.key) }),
    ]),
    [
      "RSA-PSS",
      () => ({
        signatureAlgorithm: algorithm("1.2.840.113549.1.1.10"),
        sign: (message) =>
          sign("sha256", message, { key: rsa.key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
      }),
    ],
    ...(
      [
        ["1.2.840.10045.4.3.2", "sha256"],
        ["1.2.840.10045.4.3.3", "sha384"],
        ["1.2.840.10045.4.3.4", "sha512"],
      ] as const
    ).map(([name, hash]): [string, () => Partial<StampParts>, () => Stamper] => [
      `ECDSA with ${hash}`,
      () => ({ signatureAlgorithm: algorithm(name), sign: (message) => sign(hash, message, curve.key) }),
      () => curve,
    ]),
    [
      "Ed25519",
      () => ({ signatureAlgorithm: algorithm("1.3.101.112"), sign: (message) => sign(null, message, edwards.key) }),
      () => edwards,
    ],
  ])("is opened with %s", (_, change, stamper = () => rsa) => {
    expect(open(change(), stamper()).atMs).toBe(AT);
  });

  it.each([
    ["20260102030405Z", AT],
    ["20260102030405.5Z", AT + 500],
    ["20260102030405.12Z", AT + 120],
    ["20260102030405.123456789Z", AT + 123],
    ["20261231235959.999Z", Date.UTC(2026, 11, 31, 23, 59, 59, 999)],
  ])("of %s is read to the millisecond", (time, atMs) => {
    expect(open({ content: times(time) }).atMs).toBe(atMs);
  });

  it.each([
    "20260102030405",
    "20260102030405.Z",
    "20260102030405.1234567890Z",
    "202601020304Z",
    "20260102030405+0100",
    " 20260102030405Z",
    "20260102030405ZZ",
    "20261302030405Z",
    "20260102250405Z",
  ])("of %j is refused", (time) => {
    expect(() => open({ content: times(time) })).toThrow(/^a time that /);
  });

  it("holds its nonce wherever it stands", () => {
    const nonce = Buffer.from("4102030405060708", "hex");
    const of = (...parts: Buffer[]) =>
      openTimeStamp(stampBy(rsa, digest, { content: rest(...parts) }), { digest, nonce }).atMs;
    expect(of(der(0x02, nonce))).toBe(AT);
    expect(of(sequence(integer(1)), der(0x01, Buffer.from([0xff])), der(0x02, nonce), der(0xa0))).toBe(AT);
    expect(() => of()).toThrow("another nonce");
    expect(() => of(sequence(der(0x02, nonce)))).toThrow("another nonce");
    expect(() => of(der(0x02, Buffer.from("4102030405060709", "hex")))).toThrow("another nonce");
    // Where the request is not known any more, no nonce is asked for.
    expect(open({ content: rest(der(0x02, nonce)) }).atMs).toBe(AT);
  });

  it("needs its certificate from somewhere", () => {
    const bare = stampBy(rsa, digest, { certificates: Buffer.alloc(0) });
    expect(() => openTimeStamp(bare, { digest })).toThrow("without the certificate that signed it");
    const trusted = [rsa.certificate, issuer.certificate, root.certificate];
    // Its authority began today: at the time it states, none of them was valid.
    expect(openTimeStamp(bare, { digest, trusted })).toMatchObject({ by: "Test authority", isTrusted: false });
    const now = stampContent(digest, {
      time: `${new Date(rsa.certificate.validFromDate.getTime()).toISOString().slice(0, 19).replaceAll(/[-T:]/g, "")}Z`,
    });
    const stamp = stampBy(rsa, digest, { content: now, certificates: Buffer.alloc(0) });
    expect(openTimeStamp(stamp, { digest, trusted }).isTrusted).toBe(true);
  });

  it("is named by the whole subject of a certificate without a common name", () => {
    const change = { signatureAlgorithm: algorithm("1.2.840.10045.4.3.2") };
    expect(open(change, plain).by).toBe("O=Test, OU=Clocks");
  });

  const without = (at: number) => stampAttributes(rsa, content).toSpliced(at, 1);
  it.each<[string, string, () => Partial<StampParts>]>([
    ["a refusal", "refusal (status 2)", () => ({ status: sequence(integer(2)) })],
    ["a status that is none", "the status is not", () => ({ status: sequence(octets(digest)) })],
    ["a status of another form", "the status is not", () => ({ status: set(integer(0)) })],
    ["other data than a signature", "no signed data", () => ({ type: oid(OIDS.data) })],
    ["a signature of something else", "no time stamp", () => ({ contentType: oid(OIDS.data) })],
    ["version 2", "another version", () => ({ content: stampContent(digest, { version: integer(2) }) })],
    ["another hash", "another hash", () => ({ content: stampContent(digest, { hash: algorithm(OIDS.sha384) }) })],
    ["other data", "of other data", () => ({ content: stampContent(Buffer.alloc(32)) })],
    ["no signer", "exactly one signer", () => ({ signers: 0 })],
    ["two signers", "exactly one signer", () => ({ signers: 2 })],
    ["no content type signed", "an object identifier is not", () => ({ attributes: without(0) })],
    ["no digest signed", "the signed digest is not", () => ({ attributes: without(1) })],
    ["no certificate named", "names no certificate", () => ({ attributes: without(2) })],
    [
      "another content type signed",
      "something else than a time stamp",
      () => ({ attributes: [attribute(OIDS.contentType, oid(OIDS.data)), ...without(0)] }),
    ],
    [
      "another digest signed",
      "changed after it was signed",
      () => ({ attributes: [attribute(OIDS.messageDigest, octets(Buffer.alloc(32))), ...without(1)] }),
    ],
    [
      "an attribute twice",
      "attribute twice",
      () => ({ attributes: [...without(9), attribute(OIDS.messageDigest, octets(Buffer.alloc(32)))] }),
    ],
    [
      "an attribute of two values",
      "attribute twice",
      () => ({ attributes: [...without(1), attribute(OIDS.messageDigest, octets(digest), octets(digest))] }),
    ],
    [
      "an attribute of no value",
      "attribute twice",
      () => ({ attributes: [...without(1), attribute(OIDS.messageDigest)] }),
    ],
    [
      "another certificate named",
      "without the certificate",
      () => ({ attributes: [...without(2), signedWith(issuer)] }),
    ],
    [
      "a certificate named by a hash that is not known",
      "a hash of a kind",
      () => ({ attributes: [...without(2), signedWith(rsa, "sha256", "1.2.3")] }),
    ],
    ["a hash that is not taken", "a hash of a kind", () => ({ digestAlgorithm: algorithm(OIDS.sha1) })],
    ["a signature of a kind that is not known", "not known here", () => ({ signatureAlgorithm: algorithm("1.2.3") })],
    ["another signature", "does not verify", () => ({ sign: () => Buffer.alloc(256) })],
    ["a signature over other attributes", "does not verify", () => ({ sign: () => sign("sha256", digest, rsa.key) })],
    ["a signature of another hash", "does not verify", () => ({ sign: (message) => sign("sha384", message, rsa.key) })],
    ["Ed25519 claimed for an RSA key", "does not verify", () => ({ signatureAlgorithm: algorithm("1.3.101.112") })],
    [
      "ECDSA claimed for an RSA key",
      "does not verify",
      () => ({ signatureAlgorithm: algorithm("1.2.840.10045.4.3.2") }),
    ],
    [
      "the certificate of an issuer, which may not stamp time",
      "may not stamp time",
      () => ({
        certificates: der(0xa0, issuer.certificate.raw),
        attributes: stampAttributes(issuer, content),
        sign: (message) => sign("sha256", message, issuer.key),
      }),
    ],
    [
      "a certificate that is none",
      "cannot be read",
      () => ({ certificates: der(0xa0, sequence(integer(1)), rsa.certificate.raw) }),
    ],
  ])("is refused with %s", (_, message, change) => {
    expect(() => open(change())).toThrow(message);
    expect(() => open(change())).toThrow(LedgerError);
  });

  it("may bring certificates of other forms, which are left out", () => {
    expect(open({ certificates: der(0xa0, der(0xa1, octets(digest)), rsa.certificate.raw) }).atMs).toBe(AT);
  });
});
