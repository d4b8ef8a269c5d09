import { local, usage, type FailureKind } from "./failure-kind.ts";

/** The ledger and its signatures. */
export const LEDGER_FAILURES = {
  "ledger.verification": {
    status: 500,
    exit: 1,
    retry: false,
    says: "The ledger does not verify: {what}.",
    hint: "Keep this folder and a known earlier checkpoint; see docs/guides/verify-the-ledger.md.",
  },
  "ledger.unsigned": {
    ...usage,
    says: "The ledger: nothing is signed yet.",
    hint: "Run bursar sync, which reads and signs; there is nothing to check before.",
  },
  "ledger.rolled_back": {
    ...local,
    status: 503,
    says: "The database is older than the last signed checkpoint ({signed} leaves signed, {present} present).",
    hint: "A backup was restored, it seems. Nothing is appended or signed until you decide: bursar ledger trouble tells what can be done and what follows.",
  },
  "ledger.differs": {
    ...local,
    status: 503,
    says: "The database is not the log that was signed last ({signed} leaves signed, {present} present).",
    hint: "Keep the folder. Nothing is appended or signed until you decide: bursar ledger trouble tells what can be done and what follows.",
  },
  "ledger.differs_from_export": {
    ...usage,
    exit: 5,
    says: "The database and the export differ from leaf {leaf} on.",
    hint: "Nothing was changed. The export is of another history: put the newest copy of the database back, or begin a new log with bursar ledger new-log.",
  },
  "ledger.export_too_short": {
    ...usage,
    says: "from: the export ends at {size} leaves, and {needed} are needed.",
    hint: "Nothing was changed. Give an export that was made later; an auditor may have one.",
  },
  "ledger.nothing_missing": {
    ...usage,
    says: "The database has all {present} leaves of the export, and more is not signed anywhere that is known here.",
    hint: "Nothing was changed: bursar ledger trouble tells whether anything is to be decided.",
  },
  "ledger.sound": {
    ...usage,
    says: "The ledger waits for no decision, and verifies.",
    hint: "A log goes on for ever: it ends only when nothing else is left.",
  },
  "ledger.checkpoint_lost": {
    ...local,
    status: 503,
    says: "The file that keeps the last signed checkpoint is gone, or is none of this log.",
    hint: "If this database is the newest there is, run bursar doctor --restore-checkpoint; bursar ledger trouble tells what else can be done.",
  },
  "ledger.checkpoint_there": {
    ...usage,
    says: "The last signed checkpoint is kept where it should be ({signed} leaves).",
    hint: "It is never written over: bursar ledger trouble tells whether anything is to be decided.",
  },
  "ledger.key_lost": {
    ...local,
    status: 503,
    says: "The ledger's signing key cannot be used ({what}).",
    hint: "Nothing can be signed. Restore a backup that holds it, or begin a new log with bursar ledger new-log --new-key; the old one stays verifiable.",
  },
  "ledger.forked": {
    ...local,
    says: "The witness {witness} holds another history of this log ({problem}).",
    hint: "Nothing more is signed; recording goes on. Keep the data folder and read docs/guides/anchors.md, When a witness objects.",
  },
} as const satisfies Record<string, FailureKind>;
