import type { AnswerWarning } from "../types.ts";

/** Stands with every answer about a past day. */
export const DIRECTORY_IS_TODAYS: AnswerWarning = {
  code: "directory_is_todays",
  message: "Source data are as of that day; names, teams, owners and settings are today's.",
};
