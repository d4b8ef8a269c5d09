import type { Family } from "./prices.ts";
import { LAB_ARCHIVED_AT, type WorkspaceName } from "./workspaces.ts";

/** An application on the Messages API, beside Claude Code: its key and its habits. Offsets are days of the history. */
export interface App {
  readonly name: string;
  /** Null: no key, a federated service account calls. */
  readonly keyName: string | null;
  readonly workspace: WorkspaceName;
  /** Days that the key is older than the history. */
  readonly age: number;
  readonly creator: "user" | "service account" | "nobody";
  /** Index of a service account. */
  readonly runsAs?: number;
  readonly isPersonal?: boolean;
  readonly isDormant?: boolean;
  /** The key that contractors without membership run Claude Code with. */
  readonly isForContractors?: boolean;
  /** First day without traffic, and what became of the key. */
  readonly until?: number;
  readonly endsAs?: "inactive" | "archived" | "expired";
  readonly expiresAt?: number;
  readonly product: "messages_api" | "message_batches_api" | "managed_agents_api";
  readonly families: readonly (readonly [Family, number])[];
  /** Stays with this model as long as it is in service. */
  readonly pinned?: string;
  readonly hours: "around the clock" | "office" | "night";
  /** Share of the traffic on priority, fast, long context. */
  readonly priority?: number;
  readonly fast?: number;
  readonly longContext?: number;
  readonly isUs?: boolean;
  readonly cache: "none" | "5m" | "1h" | "both";
  readonly searchesPerHour?: number;
  /** Thousands of input tokens an hour, for 200 people. */
  readonly volume: number;
  /** Output tokens for each input token. */
  readonly verbosity: number;
}

export const APPS: readonly App[] = [
  {
    name: "checkout",
    keyName: "checkout-prod",
    workspace: "Checkout service",
    age: 410,
    creator: "user",
    product: "messages_api",
    families: [["sonnet", 1]],
    hours: "around the clock",
    priority: 0.4,
    cache: "1h",
    volume: 900,
    verbosity: 0.2,
  },
  {
    name: "checkout staging",
    keyName: "checkout-staging",
    workspace: "Checkout service",
    age: 400,
    creator: "user",
    product: "messages_api",
    families: [
      ["haiku", 3],
      ["sonnet", 1],
    ],
    hours: "office",
    cache: "none",
    volume: 120,
    verbosity: 0.3,
  },
  {
    name: "support",
    keyName: "support-assistant",
    workspace: "Support assistant",
    age: 290,
    creator: "user",
    product: "messages_api",
    families: [["sonnet", 1]],
    pinned: "claude-sonnet-4-5-20250929",
    hours: "around the clock",
    cache: "5m",
    searchesPerHour: 5,
    volume: 500,
    verbosity: 0.25,
  },
  {
    name: "support agents",
    keyName: "support-agents",
    workspace: "Support assistant",
    age: 60,
    creator: "user",
    runsAs: 2,
    product: "managed_agents_api",
    families: [["opus", 1]],
    hours: "office",
    cache: "both",
    searchesPerHour: 2,
    volume: 260,
    verbosity: 0.3,
  },
  {
    name: "enrichment",
    keyName: "nightly-enrichment",
    workspace: "Data platform",
    age: 250,
    creator: "user",
    product: "message_batches_api",
    families: [
      ["haiku", 2],
      ["sonnet", 1],
    ],
    hours: "night",
    cache: "5m",
    volume: 6000,
    verbosity: 0.15,
  },
  {
    name: "research",
    keyName: null,
    workspace: "Data platform",
    age: 0,
    creator: "nobody",
    runsAs: 0,
    product: "messages_api",
    families: [["opus", 1]],
    hours: "office",
    longContext: 0.6,
    cache: "none",
    volume: 700,
    verbosity: 0.05,
  },
  {
    name: "claims",
    keyName: "claims-reader",
    workspace: "Regulated claims",
    age: 110,
    creator: "user",
    product: "messages_api",
    families: [
      ["opus", 2],
      ["sonnet", 1],
    ],
    hours: "office",
    isUs: true,
    cache: "5m",
    volume: 300,
    verbosity: 0.2,
  },
  {
    name: "claims batch",
    keyName: "claims-nightly",
    workspace: "Regulated claims",
    age: 100,
    creator: "user",
    product: "message_batches_api",
    families: [["sonnet", 1]],
    hours: "night",
    isUs: true,
    cache: "none",
    volume: 800,
    verbosity: 0.1,
  },
  {
    name: "search",
    keyName: "search-ranking",
    workspace: "Search",
    age: 85,
    creator: "user",
    product: "messages_api",
    families: [["opus", 1]],
    hours: "office",
    fast: 0.5,
    cache: "5m",
    volume: 60,
    verbosity: 0.2,
  },
  {
    name: "legacy",
    keyName: "legacy-integration",
    workspace: "Default",
    age: 880,
    creator: "nobody",
    product: "messages_api",
    families: [["haiku", 1]],
    pinned: "claude-haiku-4-5-20251001",
    hours: "around the clock",
    cache: "none",
    volume: 90,
    verbosity: 0.2,
  },
  {
    name: "lab",
    keyName: "prototype-demo",
    workspace: "Prototype lab",
    age: 370,
    creator: "user",
    until: LAB_ARCHIVED_AT,
    endsAs: "archived",
    product: "messages_api",
    families: [
      ["sonnet", 1],
      ["opus", 1],
    ],
    hours: "office",
    cache: "none",
    volume: 80,
    verbosity: 0.4,
  },
  {
    name: "partner",
    keyName: "partner-trial",
    workspace: "Search",
    age: 16,
    creator: "user",
    until: 14,
    endsAs: "expired",
    expiresAt: 14,
    product: "messages_api",
    families: [["haiku", 1]],
    hours: "office",
    cache: "none",
    volume: 200,
    verbosity: 0.2,
  },
  {
    name: "load test",
    keyName: "load-test",
    workspace: "Checkout service",
    age: 30,
    creator: "user",
    until: 9,
    endsAs: "inactive",
    product: "messages_api",
    families: [["haiku", 1]],
    hours: "night",
    cache: "none",
    volume: 1500,
    verbosity: 0.1,
  },
  {
    name: "audit",
    keyName: "audit-export",
    workspace: "Data platform",
    age: 12,
    creator: "service account",
    expiresAt: 400,
    product: "messages_api",
    families: [["sonnet", 1]],
    hours: "night",
    cache: "none",
    volume: 40,
    verbosity: 0.3,
  },
  {
    name: "scripts",
    keyName: "my scripts",
    workspace: "Default",
    age: 45,
    creator: "user",
    isPersonal: true,
    product: "messages_api",
    families: [["sonnet", 1]],
    hours: "office",
    cache: "5m",
    volume: 15,
    verbosity: 0.5,
  },
  {
    name: "contractors",
    keyName: "contractor-laptops",
    workspace: "Claude Code",
    age: 75,
    creator: "user",
    isForContractors: true,
    product: "messages_api",
    families: [["sonnet", 1]],
    hours: "office",
    cache: "none",
    volume: 0,
    verbosity: 0,
  },
  {
    name: "old loader",
    keyName: "old-loader",
    workspace: "Data platform",
    age: 240,
    creator: "user",
    isDormant: true,
    until: 0,
    endsAs: "archived",
    product: "messages_api",
    families: [["sonnet", 1]],
    hours: "night",
    cache: "none",
    volume: 0,
    verbosity: 0,
  },
  {
    name: "spare",
    keyName: "terraform-managed",
    workspace: "Default",
    age: 20,
    creator: "service account",
    isDormant: true,
    until: 0,
    endsAs: "inactive",
    product: "messages_api",
    families: [["sonnet", 1]],
    hours: "night",
    cache: "none",
    volume: 0,
    verbosity: 0,
  },
];
