import { constants, hash, verify, type VerifyKeyObjectInput, type X509Certificate } from "node:crypto";
import { certificateOf, leadsToRoot } from "./certificates.ts";
import { childrenOf, expectDer, oidOf, readDer, smallIntegerOf, TAG, type Der } from "./der.ts";
import { LedgerError } from "./error.ts";
import { HASH_BYTES } from "./hash.ts";

/** What a time stamp must be about. */
export interface Stamped {
  /** SHA-256 of what was stamped. */
  readonly digest: Uint8Array;
  /** What the request held; absent where it is not known any more. */
  readonly nonce?: Uint8Array;
  /** Certificates that are trusted, as PEM was read; absent: who signed is not judged. */
  readonly trusted?: readonly X509Certificate[];
}

/** A time stamp whose signature has been checked. */
export interface TimeStamp {
  /** The authority's own time, ms since 1970. */
  readonly atMs: number;
  /** Name of the certificate that signed: its common name, else its whole subject. */
  readonly by: string;
  /** Whether that certificate leads to a trusted one; null where none were given. */
  readonly isTrusted: boolean | null;
}

export const NONCE_BYTES = 8;

/**
 * A request for a time stamp (RFC 3161): 69 bytes of DER that hold a SHA-256 digest, a nonce, and the wish for the
 * authority's certificate.
 *
 * @param nonce 8 random bytes; its first two bits are set to 01, so that it is a positive number of that length
 */
export function timeStampRequest(digest: Uint8Array, nonce: Uint8Array): { request: Buffer; nonce: Buffer } {
  if (digest.length !== HASH_BYTES || nonce.length !== NONCE_BYTES) throw new LedgerError("no digest or no nonce");
  const positive = Buffer.from(nonce);
  positive[0] = (positive[0]! & 0x3f) | 0x40;
  const request = Buffer.concat([
    Buffer.from("3043020101", "hex"),
    Buffer.from("3031300d060960864801650304020105000420", "hex"),
    digest,
    Buffer.from("0208", "hex"),
    positive,
    Buffer.from("0101ff", "hex"),
  ]);
  return { request, nonce: positive };
}

/**
 * Opens an authority's whole answer (RFC 3161), as it was received.
 *
 * Checked are: that the stamp was granted, that it is about this digest and this nonce, the signature over it, and that
 * the certificate which the signature names made it and may stamp time; with trusted certificates also the way to them.
 * Revocation is not looked at.
 *
 * @throws LedgerError naming what is not as it must be.
 */
export function openTimeStamp(answer: Uint8Array, { digest, nonce, trusted }: Stamped): TimeStamp {
  const signed = signedDataOf(grantedToken(answer));
  const { atMs, imprint, nonce: found } = contentOf(signed.content);
  if (!imprint.equals(digest)) throw new LedgerError("a time stamp of other data");
  if (nonce !== undefined && found?.equals(nonce) !== true) throw new LedgerError("a time stamp with another nonce");
  const attributes = attributesOf(signed.attributes);
  const certificates = signed.certificates.map(({ whole }) => certificateOf(whole));
  const signer = signerOf(attributes, [...certificates, ...(trusted ?? [])]);
  checkSignature(signed, attributes, signer);
  const mayStamp = (signer.keyUsage as readonly string[] | undefined)?.includes(STAMPING) === true;
  if (!mayStamp) throw new LedgerError("a time stamp by a certificate that may not stamp time");
  const isTrusted = trusted === undefined ? null : leadsToRoot(signer, trusted, certificates, atMs);
  return { atMs, by: nameOf(signer), isTrusted };
}

const OID = {
  signedData: "1.2.840.113549.1.7.2",
  timeStampContent: "1.2.840.113549.1.9.16.1.4",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingCertificate: "1.2.840.113549.1.9.16.2.12",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
  sha256: "2.16.840.1.101.3.4.2.1",
} as const;

/** Extended key usage: time stamping. */
const STAMPING = "1.3.6.1.5.5.7.3.8";

const DIGESTS: Readonly<Record<string, string>> = {
  [OID.sha256]: "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

interface SignatureAlgorithm {
  /** The digest it names itself; null: the signer says it apart. */
  readonly digest: string | null;
  readonly scheme: "plain" | "pss" | "pure";
  /** Kinds of keys it is of: Node takes any key for any algorithm, and signs by what suits the key. */
  readonly keys: readonly string[];
}

const SIGNATURES: Readonly<Record<string, SignatureAlgorithm>> = {
  "1.2.840.113549.1.1.1": { digest: null, scheme: "plain", keys: ["rsa"] },
  "1.2.840.113549.1.1.11": { digest: "sha256", scheme: "plain", keys: ["rsa"] },
  "1.2.840.113549.1.1.12": { digest: "sha384", scheme: "plain", keys: ["rsa"] },
  "1.2.840.113549.1.1.13": { digest: "sha512", scheme: "plain", keys: ["rsa"] },
  "1.2.840.113549.1.1.10": { digest: null, scheme: "pss", keys: ["rsa", "rsa-pss"] },
  "1.2.840.10045.4.3.2": { digest: "sha256", scheme: "plain", keys: ["ec"] },
  "1.2.840.10045.4.3.3": { digest: "sha384", scheme: "plain", keys: ["ec"] },
  "1.2.840.10045.4.3.4": { digest: "sha512", scheme: "plain", keys: ["ec"] },
  "1.3.101.112": { digest: null, scheme: "pure", keys: ["ed25519"] },
};

const CONTEXT_0 = 0xa0;

/** The token of an answer that was granted (0), or granted with changes (1). */
function grantedToken(answer: Uint8Array): Der {
  const [status, token] = childrenOf(expectDer(readDer(answer), TAG.sequence, "the answer"));
  const code = smallIntegerOf(childrenOf(expectDer(status, TAG.sequence, "the status"))[0], "the status");
  if (code !== 0 && code !== 1) throw new LedgerError(`a refusal (status ${code})`);
  return expectDer(token, TAG.sequence, "the token");
}

interface SignedData {
  /** The stamp itself, which was signed. */
  readonly content: Buffer;
  readonly certificates: readonly Der[];
  readonly attributes: Der;
  readonly digestAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly signature: Buffer;
}

function signedDataOf(token: Der): SignedData {
  const [type, wrapped] = childrenOf(token);
  if (oidOf(type) !== OID.signedData) throw new LedgerError("a token that is no signed data");
  const [inner] = childrenOf(expectDer(wrapped, CONTEXT_0, "the signed data"));
  const parts = childrenOf(expectDer(inner, TAG.sequence, "the signed data"));
  const [contentType, contentWrapped] = childrenOf(expectDer(parts[2], TAG.sequence, "the content"));
  if (oidOf(contentType) !== OID.timeStampContent) throw new LedgerError("signed data that is no time stamp");
  const [content] = childrenOf(expectDer(contentWrapped, CONTEXT_0, "the content"));
  const certificates = parts.find(({ tag }) => tag === CONTEXT_0);
  const signers = childrenOf(expectDer(parts.at(-1), TAG.set, "the signer"));
  if (signers.length !== 1) throw new LedgerError("a time stamp without exactly one signer");
  const [, , digestAlgorithm, attributes, signatureAlgorithm, signature] = childrenOf(
    expectDer(signers[0], TAG.sequence, "the signer"),
  );
  return {
    content: expectDer(content, TAG.octets, "the content").body,
    certificates: certificates === undefined ? [] : childrenOf(certificates).filter(({ tag }) => tag === TAG.sequence),
    attributes: expectDer(attributes, CONTEXT_0, "the signed attributes"),
    digestAlgorithm: algorithmOf(digestAlgorithm),
    signatureAlgorithm: algorithmOf(signatureAlgorithm),
    signature: expectDer(signature, TAG.octets, "the signature").body,
  };
}

function contentOf(content: Buffer): { atMs: number; imprint: Buffer; nonce: Buffer | undefined } {
  const [version, , imprint, , time, ...rest] = childrenOf(expectDer(readDer(content), TAG.sequence, "the stamp"));
  if (smallIntegerOf(version, "the version") !== 1) throw new LedgerError("a time stamp of another version than 1");
  const [algorithm, digest] = childrenOf(expectDer(imprint, TAG.sequence, "what was stamped"));
  if (algorithmOf(algorithm) !== OID.sha256) throw new LedgerError("a time stamp of another hash than SHA-256");
  return {
    atMs: timeOf(expectDer(time, TAG.generalizedTime, "the time").body.toString("latin1")),
    imprint: expectDer(digest, TAG.octets, "what was stamped").body,
    // Accuracy and ordering may stand before it, a name and extensions after: none of them is a plain number.
    nonce: rest.find(({ tag }) => tag === TAG.integer)?.body,
  };
}

function algorithmOf(element: Der | undefined): string {
  return oidOf(childrenOf(expectDer(element, TAG.sequence, "an algorithm"))[0]);
}

function timeOf(text: string): number {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(text);
  if (found === null) throw new LedgerError("a time that cannot be read");
  const [, year, month, day, hour, minute, second, fraction = ""] = found;
  const milliseconds = fraction.slice(1, 4).padEnd(3, "0");
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`);
  if (Number.isNaN(atMs)) throw new LedgerError("a time that does not exist");
  return atMs;
}

/** Signed attributes by their type, each with its one value. */
function attributesOf(attributes: Der): ReadonlyMap<string, Der> {
  const found = new Map<string, Der>();
  for (const attribute of childrenOf(attributes)) {
    const [type, values] = childrenOf(expectDer(attribute, TAG.sequence, "a signed attribute"));
    const [value, ...more] = childrenOf(expectDer(values, TAG.set, "a signed attribute"));
    const name = oidOf(type);
    if (value === undefined || more.length > 0 || found.has(name)) throw new LedgerError("a signed attribute twice");
    found.set(name, value);
  }
  return found;
}

/** The certificate whose hash the signed attributes hold: RFC 3161 demands that one of the two names it. */
function signerOf(attributes: ReadonlyMap<string, Der>, certificates: readonly X509Certificate[]): X509Certificate {
  const newer = attributes.get(OID.signingCertificateV2);
  const older = attributes.get(OID.signingCertificate);
  const named = newer ?? older;
  if (named === undefined) throw new LedgerError("a time stamp that names no certificate");
  const [list] = childrenOf(expectDer(named, TAG.sequence, "the signer's certificate"));
  const [first] = childrenOf(expectDer(list, TAG.sequence, "the signer's certificate"));
  const parts = childrenOf(expectDer(first, TAG.sequence, "the signer's certificate"));
  const names =
    newer === undefined ? "sha1" : parts[0]?.tag === TAG.sequence ? digestOf(algorithmOf(parts[0])) : "sha256";
  const wanted = expectDer(
    parts.find(({ tag }) => tag === TAG.octets),
    TAG.octets,
    "the signer's certificate",
  ).body;
  const signer = certificates.find(({ raw }) => hash(names, raw, "buffer").equals(wanted));
  if (signer === undefined) throw new LedgerError("a time stamp without the certificate that signed it");
  return signer;
}

function checkSignature(signed: SignedData, attributes: ReadonlyMap<string, Der>, signer: X509Certificate): void {
  const digestName = digestOf(signed.digestAlgorithm);
  if (oidOf(attributes.get(OID.contentType)) !== OID.timeStampContent) {
    throw new LedgerError("a signature of something else than a time stamp");
  }
  const digest = expectDer(attributes.get(OID.messageDigest), TAG.octets, "the signed digest").body;
  if (!digest.equals(hash(digestName, signed.content, "buffer"))) {
    throw new LedgerError("a time stamp that was changed after it was signed");
  }
  const algorithm = SIGNATURES[signed.signatureAlgorithm];
  if (algorithm === undefined) throw new LedgerError("a signature of a kind that is not known here");
  // Signed is the list as a SET, while in the message it bears a tag of its place.
  const message = Buffer.from(signed.attributes.whole);
  message[0] = TAG.set;
  const key = signer.publicKey;
  const scheme =
    algorithm.scheme === "pss"
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
      : { key };
  const hashName = algorithm.scheme === "pure" ? null : (algorithm.digest ?? digestName);
  const isOfThisKey = algorithm.keys.includes(key.asymmetricKeyType ?? "");
  if (!isOfThisKey || !verifies(hashName, message, scheme, signed.signature)) {
    throw new LedgerError("a time stamp whose signature does not verify");
  }
}

function verifies(name: string | null, message: Buffer, key: VerifyKeyObjectInput, signature: Buffer): boolean {
  try {
    return verify(name, message, key, signature);
  } catch {
    // A key that its algorithm cannot use, such as one too short for the digest.
    return false;
  }
}

function digestOf(oid: string): string {
  const name = DIGESTS[oid];
  if (name === undefined) throw new LedgerError("a hash of a kind that is not taken here");
  return name;
}

function nameOf({ subject }: X509Certificate): string {
  return /^CN=(.+)$/m.exec(subject)?.[1] ?? subject.replaceAll("\n", ", ");
}
