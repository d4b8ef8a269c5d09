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
  "account.invited": "Invited an account",
  "account.password_changed": "Changed a password",
  "actor.owner_removed": "Took an owner of a key away",
  "actor.owner_set": "Set the owner of a key",
  "actor.owners_loaded": "Loaded owners of keys",
  "clock.set_back": "The clock was set back",
  "credential.disconnected": "Disconnected a key",
  "credential.probed": "Tried what a key may read",
  "credential.rotated": "Replaced a key",
  "credential.set": "Connected a key",
  "ledger.exported": "Took the ledger away",
  "link.issued": "Made a sign-in link",
  "people.loaded": "Loaded the list of people",
  "people.looked_at": "Looked at single people",
  "person.removed": "Removed a person from the list",
  "person.saved": "Changed a person in the list",
  "record.proved": "Proved a record",
  "rows.exported": "Took rows away",
  "session.began": "Signed in",
  "session.ended": "Signed out",
  "settings.changed": "Changed settings",
  "tenant.added": "Added a tenant",
  "token.created": "Made an API token",
  "token.revoked": "Revoked an API token",
};

/** An event in words; one without words of its own by its name. */
export function eventTitle(event: string): string {
  const words = EVENTS[event];
  if (words !== undefined) return words;
  const text = event.replaceAll(/[._]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
