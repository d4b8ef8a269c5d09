import type { Permission } from "../../access/index.ts";
import type { Served } from "../served-operations.ts";

export const TAGS = [
  { name: "Figures", description: "Usage, cost and activity of the whole organization." },
  { name: "Export", description: "The same in bulk." },
  { name: "People", description: "Individuals, by name or as the privacy mode shows them." },
  { name: "Own", description: "What concerns the caller alone." },
  { name: "Roster", description: "People, teams and owners of keys." },
  { name: "Connections", description: "Keys to read with, and what they can read." },
  { name: "Sync", description: "Reading what the source has." },
  { name: "Ledger", description: "Proofs and the audit trail." },
  { name: "Settings", description: "How this Bursar is set up." },
  {
    name: "Changes",
    description: "Changing the organization at Anthropic, in two steps; off unless it was switched on.",
  },
  { name: "Access", description: "Accounts, tokens and signing in." },
] as const;

type Tag = (typeof TAGS)[number]["name"];

const TAG_OF = {
  read: "Figures",
  export: "Export",
  people: "People",
  own: "Own",
  roster: "Roster",
  credentials: "Connections",
  sync: "Sync",
  audit: "Ledger",
  settings: "Settings",
  accounts: "Access",
  manage: "Changes",
  operate: "Settings",
} as const satisfies Record<Permission, Tag>;

export function tagOf({ operation }: Served): Tag {
  return TAG_OF[operation.permission];
}
