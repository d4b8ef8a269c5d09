import type { X509Certificate } from "node:crypto";
import { assertWhole, parseCertificates } from "./certificates.ts";
import { parseContinuation } from "./continuation.ts";
import { LedgerError } from "./error.ts";
import type { Findings } from "./findings.ts";
import { sha256Hex } from "./hash.ts";
import type { GatheredFacts } from "./payload-facts.ts";
import { verifyConsistency } from "./proof.ts";
import { verifyTlogProof } from "./tlog-proof.ts";
import type { ExportFolder } from "./verify-files.ts";
import type { NoteChecker } from "./verify-notes.ts";
import { readStamp, type StampReport } from "./verify-stamps.ts";
import type { VerifierKey } from "./vkey.ts";

/** What the evidence of an export is held against. */
export interface EvidenceContext {
  readonly folder: ExportFolder;
  readonly findings: Findings;
  readonly notes: NoteChecker;
  readonly keys: readonly VerifierKey[];
  /** Null when the export holds no payloads. */
  readonly facts: GatheredFacts | null;
}

/** Checks the single-record proofs. */
export async function checkProofs({ folder, findings, notes, keys, facts }: EvidenceContext): Promise<void> {
  for await (const file of folder.filesBelow("proof")) {
    await findings.guard(file, async () => {
      const proof = verifyTlogProof(folder.readText(file), keys);
      if (file !== `proof/${proof.index}.tlog-proof`) throw new LedgerError(`is a proof of leaf ${proof.index}`);
      await notes.check(proof.checkpoint);
      if (proof.content !== null && facts?.erasures.isMissing(proof.index) === true) {
        throw new LedgerError(`holds the payload of leaf ${proof.index}, which was erased`);
      }
    });
  }
}

/** Checks the consistency proofs, whose both ends must be roots of this very tree. */
export async function checkConsistency({ folder, findings, notes }: EvidenceContext): Promise<void> {
  for await (const file of folder.filesBelow("consistency")) {
    await findings.guard(file, async () => {
      const { old, hashes, checkpoint: note } = parseContinuation(folder.readText(file));
      const checkpoint = await notes.check(note);
      if (file !== `consistency/${old}-${checkpoint.size}`) {
        throw new LedgerError(`is a proof from ${old} to ${checkpoint.size}`);
      }
      if (old > checkpoint.size) throw new LedgerError("goes backwards");
      const oldRoot = await notes.rootAt(old);
      if (!verifyConsistency(old, checkpoint.size, oldRoot, checkpoint.root, hashes)) {
        throw new LedgerError(`does not lead from the tree of ${old} to that of ${checkpoint.size}`);
      }
    });
  }
}

/**
 * Checks the frozen checkpoints, that each stamp on one is the very file an `anchor` leaf recorded, and what it says.
 *
 * @param authorities certificates of time stamp authorities that the reader has from elsewhere
 */
export async function checkAnchors(
  { folder, findings, notes, facts }: EvidenceContext,
  authorities: readonly X509Certificate[] | undefined,
): Promise<StampReport[]> {
  const stamps: StampReport[] = [];
  for await (const file of folder.filesBelow("anchors")) {
    const [, size = "", name = ""] = file.split("/");
    await findings.guard(file, async () => {
      if (name.startsWith("tsa-ca")) {
        assertWhole(parseCertificates(folder.readText(file)));
        return;
      }
      const bytes = folder.read(file, LONGEST_STAMP);
      const recorded = facts === null || facts.anchored.has(`${size} ${sha256Hex(bytes)}`);
      if (name !== "checkpoint") {
        if (!recorded) throw new LedgerError("is not a stamp that an anchor leaf records");
        const checkpoint = folder.read(`anchors/${size}/checkpoint`, LONGEST_STAMP);
        const certificates = folder.readTextIfThere(`anchors/${size}/${certificatesOf(name)}`);
        stamps.push(readStamp({ file, size: Number(size), stamp: bytes, checkpoint, certificates }, authorities));
        return;
      }
      const checkpoint = await notes.check(folder.readText(file));
      if (String(checkpoint.size) !== size) throw new LedgerError(`is a checkpoint of size ${checkpoint.size}`);
      if (checkpoint.unknown.length > 0 && !recorded) {
        throw new LedgerError("has signature lines that nothing here can check");
      }
    });
  }
  return stamps.sort((a, b) => a.size - b.size || (a.file < b.file ? -1 : 1));
}

/** `checkpoint.tsr` has its authority's certificates in `tsa-ca.pem`, `checkpoint.x.tsr` in `tsa-ca.x.pem`. */
function certificatesOf(stamp: string): string {
  return `${stamp.replace(/^checkpoint/, "tsa-ca").replace(/\.[a-z0-9-]+$/, "")}.pem`;
}

const LONGEST_STAMP = 16_000_000;
