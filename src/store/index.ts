export * from "./types.ts";
export { openStore, vacuum, type StoreOptions } from "./open.ts";
export { backupDatabase } from "./backup.ts";
export { damagedTables, type DamagedTable } from "./integrity.ts";
export { countStrayRows, coveredStreams, versionRows, type VersionRow } from "./audit-rows.ts";
export { listStale, markRebuilt, markStale } from "./migrate.ts";
export { eraseContents } from "./erase-contents.ts";
export { ensureTenant, findTenant, listTenants } from "./tenants.ts";
export { findConnection, insertConnection, listConnections, updateConnection } from "./connections.ts";
export {
  deleteDek,
  deleteSecret,
  getSecret,
  insertDek,
  listDeks,
  listSecrets,
  putSecret,
  replaceWrapped,
  wipeDeleted,
} from "./secrets.ts";
export { readingLeaves } from "./reading-leaves.ts";
export { keepRevision, revisionOf, type Revision } from "./revision.ts";
export { forgetErasedDims } from "./unused-dims.ts";
export { addErased, listErased } from "./erased-identifiers.ts";
export { eraseClosedContents } from "./erase-closed.ts";
export { forgetAccount } from "./forget-account.ts";
export { rewriteOwnTexts } from "./own-texts.ts";
export { codesOf, dimValues, dimValuesWhere, findCode, lookupCodes } from "./dims.ts";
export {
  appendVersions,
  conflictedRecords,
  currentByKeys,
  currentRecords,
  daysOfVersions,
  storedVersions,
  versionsOf,
  type VersionQuery,
} from "./records.ts";
export { keepPastVersions } from "./past-versions.ts";
export { appendLeaves, createLog, leafHashes, logState, readLeaves, subtreeHash, tileHashes } from "./leaves.ts";
export { ownLeaves } from "./own-leaves.ts";
export { searchRecords } from "./search-records.ts";
export {
  cosigners,
  currentAnchors,
  dropWaiting,
  findAnchor,
  listAnchors,
  putAnchor,
  recordedAnchors,
} from "./anchors.ts";
export { changedRecords, type ChangedQuery } from "./changed-records.ts";
export { findCheckpoint, latestCheckpoint, listCheckpoints, putCheckpoint } from "./checkpoints.ts";
export {
  closeLog,
  closedCheckpoint,
  erasedClosedLeaves,
  findClosedCheckpoint,
  listClosedLogs,
  readClosedLeaves,
} from "./closed-logs.ts";
export { importedVersions, moveVersion, type ImportedVersion } from "./imported-versions.ts";
export { insertLogKey, listLogKeys, setHandover } from "./log-keys.ts";
export { clearFacts, replaceRecordRows, type RowChanges } from "./facts.ts";
export { refreshRollups } from "./rollups.ts";
export { activeDays, bitsOf, clearActiveDays, codesIn, refreshActiveDays } from "./active-days.ts";
export { coverageOf, forgetCoverage, lastReadMs, setCoverage } from "./coverage.ts";
export { getStreamStates, setStreamState } from "./stream-states.ts";
export { insertRun, listRuns } from "./runs.ts";
export { acquireLease, assertLease, currentLease, endCopiedLease, releaseLease, renewLease } from "./leases.ts";
export {
  listActorOwners,
  listPeople,
  loadPeople,
  removeActorOwner,
  removePerson,
  savePerson,
  setActorOwner,
} from "./people.ts";
export { getSetting, listSettings, setSetting } from "./settings.ts";
export { deleteView, findView, listViews, putView } from "./views.ts";
export { keepAlertArrived, noteAlert } from "./alerts.ts";
export { forgetAnomalies, listAnomalies, putAnomaly, type AnomalyRow } from "./anomalies.ts";
export {
  BUDGET_BASES,
  BUDGET_KINDS,
  BUDGET_PERIODS,
  BUDGET_SCOPES,
  deleteBudget,
  listBudgets,
  putBudget,
  type BudgetRow,
} from "./budgets.ts";
export {
  decideChange,
  deleteChangesOf,
  findChange,
  insertChange,
  listChanges,
  noteChange,
  startChange,
  type ChangeRow,
} from "./changes.ts";
export { joinExact, sumExact } from "./sums.ts";
export { activeSpelled, listOrganizations, rowsSpelled, type SpelledRow } from "./dump.ts";
export {
  findAccount,
  findAccountByEmail,
  findAccountBySubject,
  hasAccounts,
  insertAccount,
  listMembers,
  lockMembers,
  membershipsOf,
  putMembership,
  removeMembership,
  updateAccount,
  type AccountRow,
  type MembershipRow,
} from "./accounts.ts";
export {
  deleteSession,
  deleteSessionsOf,
  findSession,
  insertSession,
  listSessionsOf,
  sweepSessions,
  touchSession,
  type SignInSessionRow,
} from "./sign-in-sessions.ts";
export {
  deleteApiToken,
  findApiToken,
  insertApiToken,
  listApiTokens,
  touchApiToken,
  type ApiTokenRow,
} from "./api-tokens.ts";
export {
  deleteSecondFactor,
  findSecondFactor,
  insertRecoveryCodes,
  lockSecondFactor,
  putSecondFactor,
  recoveryCodesLeft,
  takeRecoveryCode,
  type SecondFactorRow,
} from "./second-factors.ts";
export { findLink, insertLink, takeLink, withdrawLinks, type OneTimeLinkRow } from "./one-time-links.ts";
export {
  deleteOauthGrant,
  findOauthGrant,
  insertOauthGrant,
  listOauthGrants,
  touchOauthGrant,
  type OauthGrantRow,
} from "./oauth-grants.ts";
export {
  consumeOauthArtifact,
  countOauthArtifacts,
  deleteOauthArtifact,
  deleteOauthArtifactsOf,
  findOauthArtifact,
  prolongOauthArtifact,
  putOauthArtifact,
  type OauthArtifactRow,
} from "./oauth-artifacts.ts";
