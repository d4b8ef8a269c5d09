import { ask } from "../../../src/metrics/index.ts";
import type { TestBursar } from "../../support/bursar.ts";
import type { FaultCase } from "./fault-case.ts";
import { anyPayload, CODE, COST, stillWhole, versions } from "./seen.ts";

const UNKNOWN_TERMINAL = "teleprinter";

/** Good JSON with odd values in it. */
export const dataFaults: readonly FaultCase[] = [
  {
    id: "F34",
    expected: "kept digit for digit",
    order: { match: "usage_report_messages" },
    outcome: "complete",
    holds: async (seen) => ({ kept: await anyPayload(seen, "usage_total", '{"$n":"9007199254740993"}') }),
  },
  {
    id: "F35",
    expected: "kept as written, summed in decimal",
    order: { match: CODE },
    outcome: "complete",
    holds: async (seen) => ({ kept: await anyPayload(seen, "claude_code", '{"$n":"1.10"}') }),
  },
  {
    id: "F36",
    expected: "stored and flagged",
    order: { match: "usage_report_messages" },
    outcome: "complete",
    holds: async (seen) => ({
      stored: await anyPayload(seen, "usage_total", ":-7"),
      flagged: seen.stream("usage_total").warnings.some((warning) => warning.includes("is negative")),
    }),
  },
  {
    id: "F37",
    expected: "null is a key value of its own",
    order: { match: COST },
    outcome: "complete",
    holds: async (seen) => ({
      "keys hold null": (await versions(seen.bursar, COST)).some(({ nk }) => nk.includes("null")),
    }),
  },
  {
    id: "F38",
    expected: "kept in the record",
    order: { match: COST },
    outcome: "complete",
    holds: async (seen) => ({ kept: await anyPayload(seen, COST, "x_new_in_2027") }),
  },
  {
    id: "F39",
    expected: "kept, shown as themselves",
    order: { match: CODE },
    outcome: "complete",
    holds: async (seen) => ({
      ...stillWhole("claude_code")(seen),
      kept: await anyPayload(seen, "claude_code", UNKNOWN_TERMINAL),
      "shown as itself": (await sessionsByTerminal(seen.bursar)).some(({ terminal }) => terminal === UNKNOWN_TERMINAL),
    }),
  },
  {
    id: "F40",
    expected: "that record kept whole, its value unknown, the run partial",
    order: { match: CODE },
    outcome: "partial",
    holds: (seen) => ({
      "the warning names the path": seen
        .stream("claude_code")
        .warnings.some((warning) => warning.includes("core_metrics")),
      "the others are stored": seen.stream("claude_code").new > 1,
    }),
  },
  {
    id: "F41",
    expected: "stored as they are",
    order: { match: "users" },
    outcome: "complete",
    holds: async (seen) => ({
      ...stillWhole("users")(seen),
      "a name of 1 MB is kept": await anyPayload(seen, "users", "A".repeat(1_048_576)),
    }),
  },
  {
    id: "F42",
    expected: "plain data",
    order: { match: COST },
    outcome: "complete",
    holds: async (seen) => ({
      kept: await anyPayload(seen, COST, '"__proto__":{"polluted":true}'),
      "no prototype changed": !("polluted" in {}),
    }),
  },
  {
    id: "F43",
    expected: "both kept, in no total, the run partial",
    order: { match: CODE },
    outcome: "partial",
    holds: async (seen) => ({
      "counted as conflicted": seen.stream("claude_code").conflicted > 0,
      "both are kept": (await versions(seen.bursar, "claude_code")).some(
        ({ conflicted, payload }) => conflicted && payload!.startsWith('{"data":[{'),
      ),
    }),
  },
];

async function sessionsByTerminal({ store, scope, clock }: TestBursar) {
  const question = { metric: "sessions", by: ["terminal"], from: "2026-10-29", to: "2026-10-31" };
  return (await ask(store, scope, question, clock.now())).rows as readonly Record<string, unknown>[];
}
