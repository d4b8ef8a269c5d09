export { canonicalJson, CanonicalError, parseCanonical } from "./canonical.ts";
export {
  checkpointBody,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
  type Checkpoint,
  type VerifiedCheckpoint,
} from "./checkpoint.ts";
export { assertWhole, parseCertificates, tidyCertificates } from "./certificates.ts";
export { commitment, sealPayloads, type Seal } from "./commitment.ts";
export { formatContinuation, judgeContinuation, type Continuation, type WitnessVerdict } from "./continuation.ts";
export { DurableFolder, replaceFile, syncFolder } from "./durable-folder.ts";
export { ledgerErrorAsNull, LedgerError, nullIfLedgerError } from "./error.ts";
export { memberOrder } from "./member-order.ts";
export { EMPTY_ROOT, leafHash, nodeHash, sha256Hex } from "./hash.ts";
export {
  LEAF_KINDS,
  leafBytes,
  leafText,
  NEVER_ERASED,
  ownLeafMark,
  parseLeaf,
  type Leaf,
  type LeafKind,
} from "./leaf.ts";
export {
  checkLine,
  cosignNote,
  openNote,
  parseNote,
  parseSignatureLine,
  signNote,
  type Note,
  type OpenedNote,
  type SignatureLine,
} from "./note.ts";
export {
  attestationsOf,
  applyOts,
  formatOts,
  graftOts,
  mergeOts,
  parseOts,
  readOtsStamp,
  stampThrough,
  type Attestation,
  type OtsOperation,
  type OtsStamp,
} from "./ots.ts";
export { NONCE_BYTES, openTimeStamp, timeStampRequest, type TimeStamp } from "./time-stamp.ts";
export { Edge, rootOf, type OnComplete, type Subtree } from "./tree.ts";
export {
  formatVkey,
  isOrigin,
  parseVkey,
  signingKey,
  type SignatureType,
  type SigningKey,
  type VerifierKey,
} from "./vkey.ts";
export { anchorFiles, exportFiles, keyFiles, withKnownLines, type ExportFile } from "./export-files.ts";
export type { AnchorFolder, ExportOptions, LedgerSource, SourceLeaf } from "./export-types.ts";
export { exportLedger, writeNewFolder, type ExportReport } from "./export.ts";
export { Findings, type VerifyFailure } from "./findings.ts";
export { GatheredFacts } from "./payload-facts.ts";
export { ScratchFile } from "./scratch-file.ts";
export { readExport, type ReadExport } from "./read-export.ts";
export { consistencyProof, inclusionProof, rootAt, verifyConsistency, verifyInclusion, type HashAt } from "./proof.ts";
export {
  decodeBundle,
  encodeBundle,
  parseTilePath,
  payloadPath,
  tilePath,
  tilesAt,
  tilesOf,
  type Tile,
} from "./tile.ts";
export { TileBuilder, type BuiltTile } from "./tile-builder.ts";
export { tileReader, type ReadTile } from "./tile-reader.ts";
export {
  formatTlogProof,
  parseTlogProof,
  verifyTlogProof,
  type TlogProof,
  type VerifiedTlogProof,
} from "./tlog-proof.ts";
export { type StampReport } from "./verify-stamps.ts";
export { LeafChecker } from "./verify-leaves.ts";
export { PayloadChecker } from "./verify-payloads.ts";
export { verifyExport, type VerifyOptions, type VerifyReport } from "./verify-export.ts";
