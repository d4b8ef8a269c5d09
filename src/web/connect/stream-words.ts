/** What each stream gives, in the words of somebody who wants to see it. */
const GIVES: Readonly<Record<string, string>> = {
  organization: "The organization's name and id.",
  users: "Who is a member, and with which role: names for figures, and whom adoption is a share of.",
  invites: "Who is invited and has not come yet.",
  workspaces: "The workspaces that money and tokens are spent in.",
  workspace_members: "Who works in which workspace.",
  api_keys: "The API keys, who made them and when: whom spend belongs to.",
  rate_limits: "How much the organization may ask at once.",
  claude_code: "Sessions, lines, commits, pull requests, accepted edits and estimated cost of each person and day.",
  usage_total: "Tokens of the API by model, workspace and hour.",
  usage_by_key: "The same tokens by API key.",
  usage_by_person: "The same tokens by person, where people sign in themselves.",
  cost_report: "What the API costs by day, as Anthropic will charge it.",
  analytics_usage: "Usage of every product in one report. A beta of Anthropic.",
  analytics_cost: "Cost of every product in one report. A beta of Anthropic.",
};

const BEYOND: Readonly<Record<string, string>> = {
  activity_feed: "Activity feed (Compliance API)",
  content_capture: "Contents of chats (Compliance API)",
  enterprise_analytics: "Enterprise analytics",
};

export function givesOf(stream: string): string | null {
  return GIVES[stream] ?? null;
}

/** What lies beyond usage and cost: title by flag. */
export const beyond: readonly (readonly [string, string])[] = Object.entries(BEYOND);
