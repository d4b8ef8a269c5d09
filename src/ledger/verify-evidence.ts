import { X509Certificate } from "node:crypto";
import { LedgerError } from "./error.ts";
import type { Findings } from "./findings.ts";
import { sha256Hex } from "./hash.ts";
import { verifyConsistency } from "./proof.ts";
import { parseBase64, parseBase64Hash, parseDecimal } from "./spelling.ts";
import { verifyTlogProof } from "./tlog-proof.ts";
import type { ExportFolder } from "./verify-files.ts";
import type { NoteChecker } from "./verify-notes.ts";
import type { PayloadChecker } from "./verify-payloads.ts";
import type { VerifierKey } from "./vkey.ts";

/** What the evidence of an export is held against. */
export interface EvidenceContext {
  readonly folder: ExportFolder;
  readonly findings: Findings;
  readonly notes: NoteChecker;
  readonly keys: readonly VerifierKey[];
  /** Null when the export holds no payloads. */
  readonly payloads: PayloadChecker | null;
}

/** Checks the single-record proofs. */
export async function checkProofs({ folder, findings, notes, keys, payloads }: EvidenceContext): Promise<void> {
  for await (const file of folder.filesBelow("proof")) {
    await findings.guard(file, async () => {
      const proof = verifyTlogProof(await folder.readText(file), keys);
      if (file !== `proof/${proof.index}.tlog-proof`) throw new LedgerError(`is a proof of leaf ${proof.index}`);
      await notes.check(proof.checkpoint);
      if (proof.content !== null && payloads?.erasures.isMissing(proof.index) === true) {
        throw new LedgerError(`holds the payload of leaf ${proof.index}, which was erased`);
      }
    });
  }
}

/** Checks the consistency proofs, whose both ends must be roots of this very tree. */
export async function checkConsistency({ folder, findings, notes }: EvidenceContext): Promise<void> {
  for await (const file of folder.filesBelow("consistency")) {
    await findings.guard(file, async () => {
      const text = await folder.readText(file);
      const blank = text.indexOf("\n\n");
      const [first = "", ...lines] = text.slice(0, Math.max(blank, 0)).split("\n");
      if (blank < 0 || !first.startsWith("old ")) throw new LedgerError("does not begin with the old size");
      const old = parseDecimal(first.slice("old ".length));
      const checkpoint = await notes.check(text.slice(blank + 2));
      if (file !== `consistency/${old}-${checkpoint.size}`) {
        throw new LedgerError(`is a proof from ${old} to ${checkpoint.size}`);
      }
      if (old > checkpoint.size) throw new LedgerError("goes backwards");
      const oldRoot = await notes.rootAt(old);
      if (!verifyConsistency(old, checkpoint.size, oldRoot, checkpoint.root, lines.map(parseBase64Hash))) {
        throw new LedgerError(`does not lead from the tree of ${old} to that of ${checkpoint.size}`);
      }
    });
  }
}

/**
 * Checks the frozen checkpoints, and that each stamp on one is the very file an `anchor` leaf recorded.
 *
 * What a stamp says is not read here: that needs the tools of its kind.
 *
 * @returns how many stamps there are
 */
export async function checkAnchors({ folder, findings, notes, payloads }: EvidenceContext): Promise<number> {
  let stamps = 0;
  for await (const file of folder.filesBelow("anchors")) {
    const [, size = "", name = ""] = file.split("/");
    await findings.guard(file, async () => {
      if (name.startsWith("tsa-ca")) {
        checkCertificates(await folder.readText(file));
        return;
      }
      const bytes = await folder.read(file, LONGEST_STAMP);
      const recorded = payloads === null || payloads.anchored.has(`${size} ${sha256Hex(bytes)}`);
      if (name !== "checkpoint") {
        stamps += 1;
        if (!recorded) throw new LedgerError("is not a stamp that an anchor leaf records");
        await folder.read(`anchors/${size}/checkpoint`, LONGEST_STAMP);
        return;
      }
      const checkpoint = await notes.check(await folder.readText(file));
      if (String(checkpoint.size) !== size) throw new LedgerError(`is a checkpoint of size ${checkpoint.size}`);
      if (checkpoint.unknown.length > 0 && !recorded) {
        throw new LedgerError("has signature lines that nothing here can check");
      }
    });
  }
  return stamps;
}

/**
 * Checks a PEM file of certificates: nothing between them, canonical base64, each signed by itself or by another in
 * the file, so that no byte can change unseen.
 */
function checkCertificates(text: string): void {
  const blocks = [...text.matchAll(/-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)\n-----END CERTIFICATE-----\n/g)];
  if (blocks.length === 0 || blocks.map(([block]) => block).join("") !== text) {
    throw new LedgerError("is not certificates in PEM and nothing else");
  }
  const certificates = blocks.map(([, body = ""]) => {
    const lines = body.split("\n");
    if (lines.some((line, at) => line.length > 64 || (line.length < 64 && at < lines.length - 1))) {
      throw new LedgerError("has a certificate in lines of another length than 64");
    }
    return new X509Certificate(parseBase64(lines.join("")));
  });
  for (const certificate of certificates) {
    if (!certificates.some((issuer) => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey))) {
      throw new LedgerError(`has a certificate without its issuer: ${JSON.stringify(certificate.subject)}`);
    }
  }
}

const LONGEST_STAMP = 16_000_000;
