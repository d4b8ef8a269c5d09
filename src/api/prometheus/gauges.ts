/** Every figure that `/metrics` gives beside those of the process, in order: name, help, labels. */
export const GAUGES = {
  bursar_build_info: ["Which version runs; always 1.", ["version"]],
  bursar_answer_cache_bytes: ["Memory of the answers that are kept ready.", []],
  bursar_vault_locked: ["1 when keys can neither be sealed nor opened.", ["tenant"]],
  bursar_sync_running: ["1 while this server runs a sync of the tenant.", ["tenant"]],
  bursar_sync_last_run_success: ["1 when the last run of a sync ended complete.", ["tenant", "outcome"]],
  bursar_sync_last_run_timestamp_seconds: ["When the last run of a sync ended.", ["tenant"]],
  bursar_sync_last_run_duration_seconds: ["How long the last run of a sync took.", ["tenant"]],
  bursar_sync_last_run_rows: ["Rows that the last run of a sync read.", ["tenant"]],
  bursar_stream_ok: ["1 when the stream was read without trouble the last time.", ["tenant", "connection", "stream"]],
  bursar_stream_freshness_seconds: [
    "Time since the stream's data were complete, or since a list was read.",
    ["tenant", "connection", "stream"],
  ],
  bursar_stream_gaps: ["Spans of days that are missing.", ["tenant", "connection", "stream"]],
  bursar_ledger_leaves: ["Leaves of the ledger.", ["tenant"]],
  bursar_ledger_signed_leaves: ["Leaves under the last signed checkpoint.", ["tenant"]],
  bursar_spend_usd: ["Spend of whole UTC days in dollars; kinds are never to be added.", ["tenant", "kind", "period"]],
  bursar_tokens: ["Tokens of whole UTC days.", ["tenant", "period"]],
  bursar_active_people: ["People who used Claude Code.", ["tenant", "period"]],
  bursar_sessions: ["Sessions of Claude Code.", ["tenant", "period"]],
  bursar_commits: ["Commits made with Claude Code.", ["tenant", "period"]],
  bursar_pull_requests: ["Pull requests made with Claude Code.", ["tenant", "period"]],
  bursar_lines_added: ["Lines of code added with Claude Code.", ["tenant", "period"]],
} as const satisfies Record<string, readonly [help: string, labels: readonly string[]]>;

export type GaugeName = keyof typeof GAUGES;

export interface Sample {
  readonly name: GaugeName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
