import { X509Certificate } from "node:crypto";
import { LedgerError } from "./error.ts";
import { parseBase64 } from "./spelling.ts";

/**
 * Reads a PEM file of certificates: nothing between them, canonical base64 in lines of 64, so that no byte can change
 * unseen.
 *
 * @throws LedgerError
 */
export function parseCertificates(text: string): X509Certificate[] {
  const blocks = [...text.matchAll(BLOCK)];
  if (blocks.length === 0 || blocks.map(([block]) => block).join("") !== text) {
    throw new LedgerError("is not certificates in PEM and nothing else");
  }
  return blocks.map(([, body = ""]) => {
    const lines = body.split("\n");
    if (lines.some((line, at) => line.length > 64 || (line.length < 64 && at < lines.length - 1))) {
      throw new LedgerError("has a certificate in lines of another length than 64");
    }
    return certificateOf(parseBase64(lines.join("")));
  });
}

/**
 * The same certificates in the one spelling that {@link parseCertificates} takes; text around them is left out.
 *
 * @throws LedgerError when there is none, or one cannot be read.
 */
export function tidyCertificates(text: string): string {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new LedgerError("is no certificate in PEM");
  return blocks.map((block) => certificateOf(block).toString()).join("");
}

/**
 * Certificates of which each is signed by itself or by another of them: so that no byte can change unseen, and each
 * leads somewhere.
 *
 * @throws LedgerError naming one that does not
 */
export function assertWhole(certificates: readonly X509Certificate[]): void {
  for (const certificate of certificates) {
    if (!certificates.some((issuer) => isIssuedBy(certificate, issuer))) {
      throw new LedgerError(`has a certificate without its issuer: ${JSON.stringify(certificate.subject)}`);
    }
  }
}

/** Reads one certificate. @throws LedgerError */
export function certificateOf(source: Buffer | string): X509Certificate {
  try {
    return new X509Certificate(source);
  } catch {
    throw new LedgerError("has a certificate that cannot be read");
  }
}

/** Whether one certificate is signed by the key of another. */
function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/**
 * Whether a certificate leads to a self-signed one among those trusted, each certificate valid at that time and each
 * issuer allowed to issue.
 *
 * @param between certificates that may stand on the way, not trusted by themselves
 */
export function leadsToRoot(
  certificate: X509Certificate,
  trusted: readonly X509Certificate[],
  between: readonly X509Certificate[],
  atMs: number,
): boolean {
  const issuers = [...trusted, ...between];
  let reached = [certificate];
  const seen = new Set<string>();
  for (let step = 0; step < LONGEST_CHAIN; step += 1) {
    reached = reached.filter((one) => isValidAt(one, atMs) && !seen.has(one.fingerprint256));
    for (const one of reached) {
      seen.add(one.fingerprint256);
      const isRoot = isIssuedBy(one, one);
      if (isRoot && trusted.some(({ fingerprint256 }) => fingerprint256 === one.fingerprint256)) return true;
    }
    reached = issuers.filter((issuer) => issuer.ca && reached.some((one) => isIssuedBy(one, issuer)));
  }
  return false;
}

const BLOCK = /-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)\n-----END CERTIFICATE-----\n/g;
const LONGEST_CHAIN = 8;

function isValidAt({ validFromDate, validToDate }: X509Certificate, atMs: number): boolean {
  return validFromDate.getTime() <= atMs && atMs <= validToDate.getTime();
}
