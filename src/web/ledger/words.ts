/** Kinds of leaves in plain words, the most important first. */
export const KINDS = [
  { kind: "rec", title: "Record", says: "A row of Anthropic's answer, or a new version of one" },
  { kind: "gone", title: "Gone", says: "A row that Anthropic no longer returned" },
  { kind: "fetch", title: "Answer", says: "What was asked, when, and the fingerprint of what came back" },
  { kind: "run", title: "Sync", says: "What one sync read and how it ended" },
  { kind: "audit", title: "Event", says: "Something that was done in this Bursar" },
  { kind: "erase", title: "Erasure", says: "An order to erase the content of other leaves" },
  { kind: "anchor", title: "Stamp", says: "A checkpoint that was stamped elsewhere" },
  { kind: "key", title: "Key", says: "A new signing key" },
  { kind: "genesis", title: "Beginning", says: "The first leaf, with the log's name and keys" },
] as const;

export function kindTitle(kind: string): string {
  return KINDS.find((one) => one.kind === kind)?.title ?? kind;
}

const EVENTS: Readonly<Record<string, string>> = {
  "account.changed": "Changed an account",
  "account.changed_by_sso": "Changed an account at sign-in",
  "account.invited": "Invited an account",
  "account.made_by_sso": "Made an account at sign-in",
  "account.password_changed": "Changed a password",
  "account.set_up": "Set up the first account",
  "actor.owner_removed": "Took a key's owner away",
  "actor.owner_set": "Set a key's owner",
  "actor.owners_loaded": "Loaded owners of keys",
  "backup.made": "Made a backup",
  "change.approval_refused": "Refused an approval",
  "change.approved": "Approved a change at Anthropic",
  "change.declined": "Declined a change at Anthropic",
  "change.done": "Changed something at Anthropic",
  "change.executing": "Began a change at Anthropic",
  "change.execution_refused": "Refused to carry out a change",
  "change.plan_refused": "Refused to plan a change",
  "change.planned": "Planned a change at Anthropic",
  "change.refused": "A change at Anthropic was refused",
  "change.series_ended": "Ended a series of changes",
  "change.unknown": "Nobody knows of a change yet",
  "checkpoint.restored": "Restored the kept checkpoint",
  "clock.set_back": "The clock was set back",
  "credential.probed": "Tried what a key may read",
  "credential.removed": "Disconnected a key",
  "credential.rotated": "Replaced a key",
  "credential.set": "Connected a key",
  "evidence.made": "Took evidence away",
  "grant.given": "Let an assistant in",
  "grant.revoked": "Disconnected an assistant",
  "ledger.exported": "Took the ledger away",
  "ledger.signing_resumed": "Signed again after a witness's objection",
  "ledger.key_changed": "Changed the signing key",
  "ledger.log_begun": "Began a new log",
  "ledger.recovered": "Took missing leaves from an export",
  "licence.exception_removed": "Took a licence's exception away",
  "licence.exception_set": "Excepted a licence",
  "link.issued": "Made a sign-in link",
  "link.used": "Used a sign-in link",
  "organization.purged": "Erased an organization",
  "people.loaded": "Loaded the list of people",
  "people.looked_at": "Looked at single people",
  "person.added": "Added a person",
  "person.changed": "Changed a person",
  "person.forgotten": "Forgot a person",
  "person.offboarding_looked_at": "Looked at what somebody has at Anthropic",
  "person.removed": "Took a person off the list",
  "record.proved": "Proved a record",
  "rows.exported": "Took rows away",
  "rows.rebuilt": "Built all rows anew",
  "second_factor.confirmed": "Set up a second factor",
  "second_factor.enrolled": "Began to set up a second factor",
  "second_factor.refused": "Wrong code at sign-in",
  "second_factor.removed": "Removed a second factor",
  "second_factor.reset": "Reset a second factor",
  "session.began": "Signed in",
  "session.ended": "Ended a session",
  "settings.changed": "Changed settings",
  "tenant.added": "Added a tenant",
  "token.created": "Made an API token",
  "token.revoked": "Revoked an API token",
  "vault.dek_changed": "Changed the data key",
  "vault.kek_changed": "Changed the key-encryption key",
};

/** An event in words; one without words of its own by its name. */
export function eventTitle(event: string): string {
  const words = EVENTS[event];
  if (words !== undefined) return words;
  const text = event.replaceAll(/[._]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
