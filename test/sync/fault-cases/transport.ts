import type { FaultCase } from "./fault-case.ts";
import { COST, failedWith, recovered } from "./seen.ts";

/** The way there and back: connections, certificates, time-outs, cut bodies, redirects. */
export const transportFaults: readonly FaultCase[] = [
  {
    id: "F14",
    expected: "tries again, then ends as partial and names the cause",
    outcome: "partial",
    holds: (seen) => ({
      "the cause is named": /ECONNREFUSED|refused/i.test(seen.stream("organization").failure?.message ?? ""),
    }),
  },
  {
    id: "F15",
    expected: "refused before a byte of the key is sent",
    options: ({ url }) => ({ upstream: String(url) }),
    outcome: "partial",
    holds: (seen) => ({
      "it says why": failedWith(seen, "organization", "source.certificate"),
      "no byte came through": JSON.stringify(seen.observed).includes('"applicationBytes":0'),
    }),
  },
  {
    id: "F16",
    expected: "tries again, each try bounded",
    options: ({ url }) => ({ upstream: String(url) }),
    outcome: "partial",
    holds: (seen) => ({ "it says so": failedWith(seen, "organization", "source.timeout") }),
  },
  {
    id: "F17",
    expected: "gives up waiting, tries again",
    order: { match: COST },
    outcome: "complete",
    holds: recovered(2),
  },
  {
    id: "F18",
    expected: "gives up waiting, tries again",
    order: { match: COST },
    outcome: "complete",
    holds: recovered(2),
  },
  {
    id: "F19",
    expected: "nothing of that page stored, tries again",
    order: { match: COST },
    outcome: "complete",
    holds: recovered(2),
  },
  {
    id: "F20",
    expected: "nothing of that page stored, tries again",
    order: { match: COST },
    outcome: "complete",
    holds: recovered(2),
  },
  {
    id: "F21",
    expected: "nothing of that page stored, tries again",
    order: { match: COST },
    outcome: "complete",
    holds: recovered(2),
  },
  { id: "F22", expected: "tries again", order: { match: COST }, outcome: "complete", holds: recovered(2) },
  {
    id: "F23",
    expected: "an unframed body is not believed, tries again",
    order: { match: COST },
    outcome: "complete",
    holds: recovered(2),
  },
  {
    id: "F24",
    expected: "never followed",
    order: { match: COST },
    outcome: "partial",
    holds: (seen) => ({
      "it says so": failedWith(seen, COST, "source.redirected"),
      "the other host sees nothing": seen.observed["requests"] === 0,
    }),
  },
];
