import { local, partial, usage, type FailureKind } from "./failure-kind.ts";

/** The program itself. */
export const APP_FAILURES = {
  "app.cancelled": {
    ...partial,
    exit: 3,
    says: "Stopped on request.",
    hint: "Run the same command again; it goes on where this one ended.",
  },
  "app.output": {
    ...local,
    says: "The answer cannot be written to stdout ({problem}).",
    hint: "What was written is not whole: make room, then run the same command again.",
  },
  "app.prompt_left": {
    ...partial,
    says: "Stopped at the prompt.",
    hint: "Nothing was stored.",
  },
  "app.config": { ...usage, says: "{field}: {problem}.", hint: "See docs/configuration.md." },
} as const satisfies Record<string, FailureKind>;
