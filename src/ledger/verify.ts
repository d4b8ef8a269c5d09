/**
 * `bursar/verify`: everything a stranger needs to check an exported ledger or a single record, and nothing else. It
 * imports nothing outside this folder and Node's own modules.
 */
export { canonicalJson, CanonicalError, parseCanonical } from "./canonical.ts";
export { parseCheckpoint, verifyCheckpoint, type Checkpoint, type VerifiedCheckpoint } from "./checkpoint.ts";
export { commitment } from "./commitment.ts";
export { LedgerError } from "./error.ts";
export { type VerifyFailure } from "./findings.ts";
export { leafHash, nodeHash } from "./hash.ts";
export { parseLeaf, type Leaf, type LeafKind } from "./leaf.ts";
export { openNote, parseNote, type Note, type OpenedNote } from "./note.ts";
export { verifyConsistency, verifyInclusion } from "./proof.ts";
export { parseTlogProof, verifyTlogProof, type TlogProof, type VerifiedTlogProof } from "./tlog-proof.ts";
export { rootOf } from "./tree.ts";
export { verifyExport, type VerifyOptions, type VerifyReport } from "./verify-export.ts";
export { type StampReport } from "./verify-stamps.ts";
export { parseVkey, type VerifierKey } from "./vkey.ts";
