import { local, usage, type FailureKind } from "./failure-kind.ts";

/** What was asked for cannot be read or does not fit together. */
export const INPUT_FAILURES = {
  "input.date_unreadable": {
    ...usage,
    says: "{field}: {value} is not a day.",
    hint: "Write it as YYYY-MM-DD, for example 2026-11-01.",
  },
  "input.range_reversed": {
    ...usage,
    says: "from: {from} is after to: {to}.",
    hint: "Both days are inclusive; give the earlier one as --from.",
  },
  "input.range_too_long": {
    ...usage,
    says: "The range of {days} days is too long.",
    hint: "Ask for at most {most} days.",
  },
  "input.unknown_value": { ...usage, says: "{field}: {value} is unknown.", hint: "Choose one of: {choices}." },
  "input.invalid": { ...usage, says: "{field}: {problem}.", hint: "{remedy}" },
  "input.dimensions_apart": {
    ...usage,
    says: "{first} and {second} are never reported together by the source.",
    hint: "Ask for one of them at a time; totals agree.",
  },
  "input.dimension_not_available": {
    ...usage,
    says: "{metric} cannot be split by {dimension}.",
    hint: "It can be split by: {choices}.",
  },
  "input.file_unreadable": {
    ...usage,
    says: "{field}: {path} cannot be read ({problem}).",
    hint: "Give the path of a readable file.",
  },
  "input.folder_forbidden": {
    ...local,
    says: "{field}: {path} cannot be read (permission).",
    hint: "Run it as a user who may read it.",
  },
  "input.folder_not_empty": {
    ...usage,
    says: "{path} exists and is not empty.",
    hint: "Give a new folder; nothing is ever overwritten.",
  },
} as const satisfies Record<string, FailureKind>;
