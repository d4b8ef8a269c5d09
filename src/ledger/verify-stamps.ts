import { hash, type X509Certificate } from "node:crypto";
import { parseCertificates } from "./certificates.ts";
import { LedgerError } from "./error.ts";
import { attestationsOf, parseOts } from "./ots.ts";
import { openTimeStamp } from "./time-stamp.ts";

/** A stamp on a frozen checkpoint, and what it says. */
export interface StampReport {
  readonly file: string;
  /** Leaves of the checkpoint that was stamped. */
  readonly size: number;
  readonly kind: "rfc3161" | "ots" | "other";
  /** `stamped by … at …`, `pending at …`, `in Bitcoin block …`, each in words. */
  readonly says: readonly string[];
  /** What of it was not looked at here, in words; empty when everything was. */
  readonly notChecked: readonly string[];
}

/** What a stamp is read with. */
export interface StampFiles {
  readonly file: string;
  readonly size: number;
  /** The stamp, and the frozen checkpoint beside it. */
  readonly stamp: Buffer;
  readonly checkpoint: Buffer;
  /** The authority's certificates beside it, if there are any. */
  readonly certificates: string | undefined;
}

/**
 * Reads a stamp and checks it as far as that goes without asking anybody.
 *
 * @param authorities certificates that the reader has from elsewhere, in place of those in the export
 * @throws LedgerError when it is no stamp on this checkpoint.
 */
export function readStamp(files: StampFiles, authorities: readonly X509Certificate[] | undefined): StampReport {
  const { file, size, stamp, checkpoint } = files;
  const digest = hash("sha256", checkpoint, "buffer");
  if (file.endsWith(".tsr")) return { file, size, kind: "rfc3161", ...readTimeStamp(files, digest, authorities) };
  if (!file.endsWith(".ots")) {
    return {
      file,
      size,
      kind: "other",
      says: [],
      notChecked: ["what it says: a stamp of a kind that is not known here"],
    };
  }
  const proof = parseOts(stamp);
  if (!proof.message.equals(digest)) throw new LedgerError("is a proof of another file than the checkpoint beside it");
  const attestations = [...attestationsOf(proof)];
  const blocks = attestations.flatMap(({ attestation, message }) =>
    attestation.kind === "bitcoin" ? [{ height: attestation.height, message }] : [],
  );
  if (blocks.some(({ message }) => message.length !== digest.length)) {
    throw new LedgerError("claims a Bitcoin block for something that is no Merkle root");
  }
  // Once it is in a block, that a calendar still holds it says nothing more.
  const pending = attestations.flatMap(({ attestation }) => (attestation.kind === "pending" ? [attestation.uri] : []));
  return {
    file,
    size,
    kind: "ots",
    says:
      blocks.length > 0
        ? blocks.map(({ height }) => `in Bitcoin block ${height}`)
        : pending.map((uri) => `pending at ${uri}, so not anchored`),
    notChecked: blocks.map(
      ({ height, message }) =>
        `that the Merkle root of Bitcoin block ${height} is ${Buffer.from(message.toReversed()).toString("hex")}`,
    ),
  };
}

function readTimeStamp(
  { stamp, certificates }: StampFiles,
  digest: Buffer,
  authorities: readonly X509Certificate[] | undefined,
): Pick<StampReport, "says" | "notChecked"> {
  const trusted = authorities ?? (certificates === undefined ? undefined : parseCertificates(certificates));
  const { atMs, by, isTrusted } = openTimeStamp(stamp, { digest, ...(trusted === undefined ? {} : { trusted }) });
  if (isTrusted === false) {
    throw new LedgerError(
      authorities === undefined
        ? "is signed by a certificate that does not lead to tsa-ca.pem"
        : "is signed by a certificate that does not lead to the authority you named",
    );
  }
  const notChecked =
    authorities !== undefined
      ? []
      : [
          isTrusted === null
            ? `whose certificate ${JSON.stringify(by)} is`
            : `whose certificates are in tsa-ca.pem: the export brings them itself`,
        ];
  return { says: [`stamped by ${by} at ${new Date(atMs).toISOString()}`], notChecked };
}
