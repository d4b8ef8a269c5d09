import { MOST_PAGES, type FaultCase } from "./fault-case.ts";
import { COST, nothingStored, PAGED, stillWhole } from "./seen.ts";

/** Pages that repeat, shift, end early or never end. */
export const pagingFaults: readonly FaultCase[] = [
  { id: "F44", expected: "goes on", order: { match: PAGED }, outcome: "complete", holds: stillWhole(PAGED) },
  {
    id: "F45",
    expected: "an error",
    order: { match: COST, times: 99 },
    outcome: "partial",
    holds: nothingStored(COST),
  },
  { id: "F46", expected: "no effect", order: { match: PAGED }, outcome: "complete", holds: stillWhole(PAGED) },
  { id: "F47", expected: "no effect", order: { match: PAGED }, outcome: "complete", holds: stillWhole(PAGED) },
  {
    id: "F48",
    expected: "that window from its first page",
    order: { match: PAGED },
    outcome: "complete",
    holds: stillWhole(PAGED),
  },
  {
    id: "F49",
    expected: "stops, the window is incomplete",
    order: { match: COST },
    outcome: "partial",
    holds: (seen) => ({
      "at most two requests of it": seen.requests(COST) <= 3,
      kept: seen.stream(COST).new > 0,
      incomplete: seen.stream(COST).windowsIncomplete === 1,
    }),
  },
  {
    id: "F50",
    expected: "no loop, the window is incomplete",
    order: { match: COST },
    outcome: "partial",
    holds: (seen) => ({
      "one request": seen.requests(COST) === 1,
      kept: seen.stream(COST).new > 0,
      incomplete: seen.stream(COST).windowsIncomplete === 1,
    }),
  },
  {
    id: "F51",
    expected: "stops at the cap (10,000 pages), the window is incomplete",
    order: { match: COST },
    outcome: "partial",
    holds: (seen) => ({
      "stops at the cap": seen.requests(COST) <= MOST_PAGES,
      incomplete: seen.stream(COST).windowsIncomplete === 1,
    }),
  },
  {
    id: "F52",
    expected: "read until two passes agree",
    order: { match: PAGED },
    outcome: "complete",
    holds: stillWhole(PAGED),
  },
];
