import type { FaultCase } from "./fault-case.ts";
import { COST, failedWith, nothingStored, recovered, refusedPage, stillWhole } from "./seen.ts";

/** A body that is not what it claims to be. */
export const bodyFaults: readonly FaultCase[] = [
  {
    id: "F25",
    expected: "not the API, says so briefly",
    order: { match: COST },
    outcome: "partial",
    holds: (seen) => ({
      ...refusedPage("source.not_the_api", 1)(seen),
      "the excerpt is short": seen.stream(COST).failure!.message.length < 500,
    }),
  },
  {
    id: "F26",
    expected: "not taken for no usage",
    order: { match: COST, times: 99 },
    outcome: "partial",
    holds: refusedPage("source.empty_body", 6),
  },
  {
    id: "F27",
    expected: "aborted",
    order: { match: COST },
    outcome: "partial",
    holds: (seen) => ({
      "nothing is stored": seen.stream(COST).new === 0,
      "it says so": failedWith(seen, COST, "source.body_too_large"),
    }),
  },
  {
    id: "F28",
    expected: "accepted with a note",
    order: { match: COST },
    outcome: "complete",
    holds: (seen) => ({
      ...stillWhole(COST)(seen),
      noted: seen.stream(COST).warnings.some((warning) => /content[- ]type|text\//i.test(warning)),
    }),
  },
  {
    id: "F29",
    expected: "an error is no data",
    order: { match: COST, times: 99 },
    outcome: "partial",
    holds: nothingStored(COST),
  },
  { id: "F30", expected: "tries again", order: { match: COST, times: 1 }, outcome: "complete", holds: recovered(2) },
  {
    id: "F31",
    expected: "refused, not repaired",
    order: { match: COST, times: 99 },
    outcome: "partial",
    holds: nothingStored(COST),
  },
  { id: "F32", expected: "accepted", order: { match: COST }, outcome: "complete", holds: stillWhole(COST) },
  {
    id: "F33",
    expected: "refused",
    order: { match: COST, times: 99 },
    outcome: "partial",
    holds: nothingStored(COST),
  },
];
