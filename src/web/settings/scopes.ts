import type { Permission } from "../client/index.ts";

/** What a token or an assistant may, in a few words. */
export const SCOPES_SAY: Readonly<Record<Exclude<Permission, "operate">, string>> = {
  read: "figures of the organization, teams, models, workspaces and keys",
  export: "the same in bulk",
  people: "individuals by name",
  audit: "the ledger, proofs and the audit trail",
  sync: "order a sync or a back-fill",
  roster: "change people, teams and owners of keys",
  credentials: "change connections and their keys",
  settings: "change settings",
  accounts: "change who may sign in",
  manage: "change members, invites, workspaces and keys at Anthropic",
  own: "what concerns its owner alone",
};
