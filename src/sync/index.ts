export { AgedIdentities } from "./aged-identities.ts";
export {
  ageClosedLogs,
  ageDay,
  agedState,
  daysToAge,
  keepAgedState,
  recordsToAge,
  type AgedDay,
  type AgedState,
} from "./age-records.ts";
export { activeRules } from "./active-rules.ts";
export { coverageAfter } from "./cover.ts";
export { NAMES, WHO } from "./swap-json.ts";
export { stateDigest } from "./digest.ts";
export { closedLedgerSource, erasedSinceClosed, ledgerSource, recordProof, recordProofs } from "./evidence.ts";
export {
  assertContinues,
  logTrouble,
  restoreCheckpoint,
  troubleFailure,
  wasOfThisTree,
  type LogTrouble,
} from "./guard.ts";
export { anchorFolders } from "./anchor-evidence.ts";
export { anchorRound, type AnchorOutcome, type AnchorRound } from "./anchor-round.ts";
export { clearSigningAlarm, signingAlarm, type SigningAlarm } from "./signing-alarm.ts";
export { takeLease } from "./lease.ts";
export { logVkeys, signingKeys } from "./log-keys.ts";
export { beginNewLog, lastCheckpointOf, type NewLog } from "./new-log.ts";
export { eraseMentions, objectsIn, type ErasedMentions } from "./erase-mentions.ts";
export {
  isErasedPseudonym,
  kindOf,
  listIdentifiers,
  namePseudonym,
  suppressingClient,
  Suppressor,
  unionOf,
} from "./suppressor.ts";
export { reapplyErasures } from "./reapply-erasures.ts";
export { projectVersion, rebuildRows, type RebuildReport } from "./rebuild.ts";
export { recoverFrom, type Recovered } from "./recover.ts";
export { rotateLogKey, type KeyChange } from "./rotate-key.ts";
export { syncConnection } from "./run.ts";
export { statusOf, type ConnectionStatus, type Status, type StreamStatus } from "./status.ts";
export { CommitReader, type ToldWindow } from "./told-coverage.ts";
export { versionOf } from "./version-of.ts";
export { appendAudit, appendLook, publishCheckpoint } from "./tenant-log.ts";
export type {
  CheckpointSigner,
  LogKey,
  OpenConnection,
  RunReport,
  StreamProgress,
  StreamReport,
  SyncEffects,
  SyncOptions,
  SyncProgress,
} from "./types.ts";
export { writeAudited } from "./write-audited.ts";
