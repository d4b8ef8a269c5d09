/** What is said of an API key that needs care. */
export const KEY_FLAGS = [
  "never_used",
  "unused_90_days",
  "creator_left",
  "owner_left",
  "no_owner",
  "older_than_365_days",
  "created_by_admin",
  "expires_soon",
  "expired",
  "name_not_unique",
] as const;
