import { definePrompt } from "../define-prompt.ts";

export const keyHygieneReview = definePrompt({
  name: "key_hygiene_review",
  title: "Key hygiene",
  description: "API keys that are unused, unowned, never rotated, or left by people who are gone.",
  permission: "read",
  arguments: [],
  text: () => `Review the hygiene of our API keys.

1. key_hygiene: take every finding, all pages.
2. query_metric cost by api_key over the last 90 days: what each of those keys spent.
3. claude_code_list_api_keys where a finding needs the key's state or maker.

Answer with a table: key (name and id), finding, last used, spent in 90 days, owner, what to do. Keys that still work and belong to nobody come first. Deactivate nothing: a person decides, key by key.`,
});
