import type { Command } from "../command.ts";

export interface CommandLine {
  readonly name: string;
  readonly summary: string;
  /** Only the chosen command's file is loaded. */
  readonly load: () => Promise<Command>;
}

const line = (name: string, summary: string, load: () => Promise<Command>): CommandLine => ({ name, summary, load });

export const commands: readonly CommandLine[] = [
  line("demo", "see everything with an invented organization", async () => (await import("./demo.ts")).demo),
  line("connect", "store an Admin key and see what it can read", async () => (await import("./connect.ts")).connect),
  line("probe", "ask again what each connection can read", async () => (await import("./probe.ts")).probe),
  line("sync", "read what is new", async () => (await import("./sync.ts")).sync),
  line("backfill", "read the past", async () => (await import("./backfill.ts")).backfill),
  line("status", "how far everything is, and what to do", async () => (await import("./status.ts")).status),
  line("report", "ask for a metric", async () => (await import("./report.ts")).report),
  line("export", "write rows as CSV or JSON lines", async () => (await import("./export.ts")).exportRows),
  line(
    "ledger",
    "export and prove the ledger, change its key, decide about it",
    async () => (await import("./ledger.ts")).ledger,
  ),
  line(
    "evidence",
    "what a figure is made of, for others to check",
    async () => (await import("./evidence.ts")).evidence,
  ),
  line("verify", "check a ledger, live or exported", async () => (await import("./verify.ts")).verify),
  line("doctor", "check the data folder, rebuild rows", async () => (await import("./doctor.ts")).doctor),
  line("backup", "copy the record while it goes on", async () => (await import("./backup.ts")).backup),
  line("restore", "put a backup into an empty data folder", async () => (await import("./restore.ts")).restore),
  line("vault", "change the keys that seal everything", async () => (await import("./vault.ts")).vault),
  line("people", "load people, map actors to owners", async () => (await import("./people.ts")).people),
  line("serve", "the dashboard and the API, and syncing", async () => (await import("./serve.ts")).serve),
  line("witness", "watch other people's ledgers", async () => (await import("./witness.ts")).witness),
  line("disconnect", "destroy a connection's key", async () => (await import("./disconnect.ts")).disconnect),
  line("tenant", "add and list tenants", async () => (await import("./tenant.ts")).tenant),
  line("emulate", "serve an invented organization over HTTP", async () => (await import("./emulate.ts")).emulate),
  line("change", "decide about changes at Anthropic", async () => (await import("./change.ts")).change),
  line("offboard", "what somebody has, and ending it", async () => (await import("./offboard.ts")).offboard),
  line("erase", "erase a person, totals kept", async () => (await import("./erase.ts")).erase),
  line("account", "who may sign in", async () => (await import("./account.ts")).account),
  line("token", "API tokens", async () => (await import("./token.ts")).token),
  line("assistant", "assistants that were let in", async () => (await import("./assistant.ts")).assistant),
  line("mcp", "answers an assistant over stdin and stdout (MCP)", async () => (await import("./mcp.ts")).mcp),
];
