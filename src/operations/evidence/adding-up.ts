import type { Quantity } from "../../metrics/index.ts";

/** A jq expression that gives, of the `data` of one record, every amount that counts: numbers, or texts of digits. */
type Amounts = string;

const MESSAGES = {
  uncached_input: ".uncached_input_tokens",
  output: ".output_tokens",
  cache_read: ".cache_read_input_tokens",
  cache_creation: ".cache_creation | .ephemeral_5m_input_tokens, .ephemeral_1h_input_tokens",
  web_searches: ".server_tool_use.web_search_requests",
} as const;

/** Under a member of their own today; in the older shape the amounts stand in the result itself. */
const within = (member: string, amounts: Amounts): Amounts => `(.${member} // .) | ${amounts}`;

const SUBSCRIPTION = `select(.customer_type == "subscription")`;
const NOT_SUBSCRIPTION = `select(.customer_type != "subscription")`;

/** Where the amounts of each report stand, for somebody who has the records and `jq` alone. */
const AMOUNTS: Readonly<Record<string, Readonly<Partial<Record<Quantity, Amounts>>>>> = {
  usage_total: MESSAGES,
  usage_by_key: MESSAGES,
  usage_by_person: MESSAGES,
  analytics_usage: Object.fromEntries(
    Object.entries({ ...MESSAGES, requests: ".requests" }).map(([name, amounts]) => [name, within("usage", amounts)]),
  ),
  claude_code: {
    sessions: ".core_metrics.num_sessions",
    commits: ".core_metrics.commits_by_claude_code",
    pull_requests: ".core_metrics.pull_requests_by_claude_code",
    lines_added: ".core_metrics.lines_of_code.added",
    lines_removed: ".core_metrics.lines_of_code.removed",
    accepted: ".tool_actions[]?.accepted",
    rejected: ".tool_actions[]?.rejected",
    uncached_input: ".model_breakdown[]?.tokens.input",
    output: ".model_breakdown[]?.tokens.output",
    cache_read: ".model_breakdown[]?.tokens.cache_read",
    cache_creation: ".model_breakdown[]?.tokens.cache_creation",
    cost_estimated: `${NOT_SUBSCRIPTION} | .model_breakdown[]?.estimated_cost.amount`,
    cost_notional: `${SUBSCRIPTION} | .model_breakdown[]?.estimated_cost.amount`,
  },
  cost_report: { cost_net: ".amount" },
  analytics_cost: { cost_list: within("cost", ".list_amount"), cost_net: within("cost", ".amount") },
};

/** What the objects of a list are counted by. */
export const COUNTED_BY: Readonly<Record<string, string>> = {
  users: "role",
  invites: "status",
  api_keys: "status",
  workspaces: "archived_at",
  workspace_members: "workspace_role",
};

/** One sum that can be made again: which, of what, and in which unit. */
export interface Sum {
  /** `STREAM.QUANTITY`. */
  readonly id: string;
  readonly stream: string;
  readonly quantity: Quantity;
  readonly unit: "usd" | "count";
}

/** Every sum that the records of these streams allow. */
export function sumsOf(streams: readonly string[]): Sum[] {
  return streams.flatMap((stream) =>
    (Object.keys(AMOUNTS[stream] ?? {}) as Quantity[]).map((quantity) => ({
      id: `${stream}.${quantity}`,
      stream,
      quantity,
      unit: quantity.startsWith("cost_") ? ("usd" as const) : ("count" as const),
    })),
  );
}

/** A jq program that makes the sums again from the records that `RECORDS` reads out of the proofs, as texts by id. */
export function addingUp(streams: readonly string[]): string {
  const sums = sumsOf(streams).map(
    ({ id, stream, quantity, unit }) =>
      `  {"${id}": [of("${stream}") | ${AMOUNTS[stream]![quantity]!}] | ${unit === "usd" ? "dollars" : "total"}}`,
  );
  const counts = streams.flatMap((stream) => {
    const member = COUNTED_BY[stream];
    if (member === undefined) return [];
    const value =
      member === "archived_at"
        ? `if .archived_at == null then "active" else "archived" end`
        : `((.${member} | strings) // "unknown")`;
    return [`  ([of("${stream}") | ${value}] | counted("${stream}"))`];
  });
  return `${[PRELUDE, [...sums, ...counts, "  {}"].join(" +\n")].join("")}\n`;
}

/** Counts and money are added as whole numbers: money as cents and as ten digits below them, so that nothing is rounded. */
const PRELUDE = `# Makes the sums of queries.json again: jq -n -S -f sums.jq RECORDS
# What vanished, and what was given twice with different values, counts nowhere.
[inputs] as $records |
def of($stream): $records[] | select(.stream == $stream and .kind == "rec" and (.data | type) == "object") | .data;
def digits: if type == "object" then .["$n"] else tostring end;
def known: map(select(. != null) | digits);
def total: known | map(tonumber) | add // 0 | tostring;
def padded($width): (. + pow(10; $width)) | tostring | .[1:];
def trimmed: until(endswith("0") | not; .[:-1]);
def cents: (if startswith("-") then -1 else 1 end) as $sign | ltrimstr("-") | split(".")
  | [.[0], ((.[1] // "") + "0000000000")[0:10]] | map($sign * tonumber);
def dollars: known | map(cents) | (map(.[0]) | add // 0) as $whole | (map(.[1]) | add // 0) as $rest
  | ($rest / 10000000000 | floor) as $carry | [$whole + $carry, $rest - $carry * 10000000000]
  | if .[0] < 0 and .[1] > 0 then ["-", -.[0] - 1, 10000000000 - .[1]]
    elif .[0] < 0 then ["-", -.[0], 0] else ["", .[0], .[1]] end
  | (.[1] / 100 | floor) as $dollars
  | .[0] + ($dollars | tostring) + "." + (.[1] - $dollars * 100 | padded(2)) + (.[2] | padded(10) | trimmed);
def counted($stream): group_by(.) | map({("\\($stream).\\(.[0])"): (length | tostring)}) | add // {};
`;
