import { execFileSync } from "node:child_process";
import { createHash, createPrivateKey, sign, X509Certificate, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onceARun } from "./once-a-run.ts";
import { openTimeStampAuthority } from "./time-stamp-authority.ts";

/** A certificate and its key, as they lie in an authority's folder. */
export interface Stamper {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

export function stamperIn(dir: string, name = "tsa"): Stamper {
  const read = (ending: string) => readFileSync(join(dir, `${name}.${ending}`));
  return { certificate: new X509Certificate(read("pem")), key: createPrivateKey(read("key")) };
}

/**
 * A folder with the certificates and keys of an authority (`root`, `issuer`, `tsa`), made once a run, to be read only.
 * Besides: `plain` may stamp too and has no common name; `namesake` is named as the root and is no relation of it;
 * `below` is issued by `tsa`, which may not issue; `long1` … `long7` are issued by the issuer, each by the one before.
 */
export async function stampersOf(name: "one" | "other" | "rsa" | "ed25519"): Promise<string> {
  const folder = await onceARun(`stampers-${name}`, async (dir) => {
    await openTimeStampAuthority(dir, { key: name === "rsa" || name === "ed25519" ? name : "ec" });
    if (name === "one") issueMore(dir);
  });
  if (folder === null) throw new Error("certificates are made in a run of the tests only");
  return folder;
}

function issueMore(cwd: string): void {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd, stdio: "ignore" });
  const newKey = (name: string) =>
    ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${name}.key`] as const;
  const issue = (name: string, subject: string, by: string, ...ext: string[]) => {
    openssl("req", "-new", ...newKey(name), "-out", `${name}.csr`, "-subj", subject);
    const signer = ["-CA", `${by}.pem`, "-CAkey", `${by}.key`, "-set_serial", "9"];
    openssl("x509", "-req", "-days", "10", "-in", `${name}.csr`, "-out", `${name}.pem`, ...signer, ...ext);
  };
  openssl(
    "req",
    "-x509",
    "-days",
    "10",
    ...newKey("namesake"),
    "-out",
    "namesake.pem",
    "-subj",
    "/O=Test/CN=Test root",
  );
  issue("plain", "/O=Test/OU=Clocks", "issuer", "-extfile", "tsa.ext");
  issue("below", "/O=Test/CN=below", "tsa");
  for (let n = 1; n <= 7; n += 1) {
    issue(`long${n}`, `/O=Test/CN=long${n}`, n === 1 ? "issuer" : `long${n - 1}`, "-extfile", "root.ext");
  }
}

/** The parts of a time stamp that a test may want otherwise: each is DER, whole. */
export interface StampParts {
  readonly status: Buffer;
  readonly type: Buffer;
  readonly contentType: Buffer;
  readonly content: Buffer;
  /** With their tag around them; nothing for none. */
  readonly certificates: Buffer;
  readonly attributes: readonly Buffer[];
  readonly digestAlgorithm: Buffer;
  readonly signatureAlgorithm: Buffer;
  readonly sign: (message: Buffer) => Buffer;
  readonly signers: number;
}

/** The parts of a stamp's own content. */
export interface ContentParts {
  readonly version: Buffer;
  readonly hash: Buffer;
  readonly digest: Uint8Array;
  readonly time: string;
  /** What stands behind the time: accuracy, ordering, nonce. */
  readonly rest: readonly Buffer[];
}

export const OIDS = {
  signedData: "1.2.840.113549.1.7.2",
  data: "1.2.840.113549.1.7.1",
  timeStampContent: "1.2.840.113549.1.9.16.1.4",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingCertificate: "1.2.840.113549.1.9.16.2.12",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
  sha1: "1.3.14.3.2.26",
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3",
  rsa: "1.2.840.113549.1.1.1",
} as const;

/** One element of DER. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

export const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]) => der(0x31, ...parts);
export const octets = (bytes: Uint8Array) => der(0x04, bytes);
export const integer = (value: number) => der(0x02, Buffer.from([value]));

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc % 0x80];
    for (let left = Math.floor(arc / 0x80); left > 0; left = Math.floor(left / 0x80)) {
      digits.unshift((left % 0x80) + 0x80);
    }
    return digits;
  });
  return der(0x06, Buffer.from(bytes));
}

export const algorithm = (dotted: string) => sequence(oid(dotted));
export const attribute = (type: string, ...values: readonly Uint8Array[]) => sequence(oid(type), set(...values));

/** The attribute that names the signer's certificate by this hash; without an algorithm, SHA-256 is meant. */
export function signedWith({ certificate }: Pick<Stamper, "certificate">, hashName = "sha256", named?: string): Buffer {
  const hash = octets(createHash(hashName).update(certificate.raw).digest());
  const id = named === undefined ? sequence(hash) : sequence(algorithm(named), hash);
  const type = hashName === "sha1" ? OIDS.signingCertificate : OIDS.signingCertificateV2;
  return attribute(type, sequence(sequence(id)));
}

export function stampContent(digest: Uint8Array, change: Partial<ContentParts> = {}): Buffer {
  const parts = { version: integer(1), hash: algorithm(OIDS.sha256), time: "20260102030405Z", rest: [], ...change };
  return sequence(
    parts.version,
    oid("1.2.3.4.1"),
    sequence(parts.hash, octets(parts.digest ?? digest)),
    integer(7),
    der(0x18, Buffer.from(parts.time)),
    ...parts.rest,
  );
}

/** An authority's whole answer (RFC 3161), signed for real, with whatever parts are to be otherwise. */
export function stampBy(stamper: Stamper, digest: Uint8Array, change: Partial<StampParts> = {}): Buffer {
  const content = change.content ?? stampContent(digest);
  const parts: StampParts = {
    status: sequence(integer(0)),
    type: oid(OIDS.signedData),
    contentType: oid(OIDS.timeStampContent),
    content,
    certificates: der(0xa0, stamper.certificate.raw),
    attributes: stampAttributes(stamper, content),
    digestAlgorithm: algorithm(OIDS.sha256),
    signatureAlgorithm: algorithm(OIDS.rsa),
    sign: (message) => sign("sha256", message, stamper.key),
    signers: 1,
    ...change,
  };
  const signer = sequence(
    integer(1),
    sequence(),
    parts.digestAlgorithm,
    der(0xa0, ...parts.attributes),
    parts.signatureAlgorithm,
    octets(parts.sign(set(...parts.attributes))),
  );
  const signed = sequence(
    integer(3),
    set(parts.digestAlgorithm),
    sequence(parts.contentType, der(0xa0, octets(parts.content))),
    parts.certificates,
    set(...Array.from({ length: parts.signers }, () => signer)),
  );
  return sequence(parts.status, sequence(parts.type, der(0xa0, signed)));
}

/** The three attributes that must be signed. */
export function stampAttributes(stamper: Stamper, content: Buffer, hashName = "sha256"): Buffer[] {
  return [
    attribute(OIDS.contentType, oid(OIDS.timeStampContent)),
    attribute(OIDS.messageDigest, octets(createHash(hashName).update(content).digest())),
    signedWith(stamper),
  ];
}
