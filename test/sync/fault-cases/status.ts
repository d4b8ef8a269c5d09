import type { FaultCase } from "./fault-case.ts";
import {
  coverage,
  connectionState,
  COST,
  CODE,
  waitsOf,
  othersDone,
  failedWith,
  recovered,
  refusedPage,
} from "./seen.ts";

/** An answer that is an error: limits, refusals, overload. */
export const statusFaults: readonly FaultCase[] = [
  {
    id: "F01",
    expected: "waits as told, asks once more",
    order: { match: COST },
    outcome: "complete",
    holds: (seen) => ({
      "asked twice": seen.requests(COST) === 2,
      "waited 7 s": waitsOf(seen).some((ms) => ms >= 7_000),
    }),
  },
  {
    id: "F02",
    expected: "waits until the date, asks once more",
    order: { match: COST },
    outcome: "complete",
    holds: (seen) => ({
      "asked twice": seen.requests(COST) === 2,
      "waited 7 s": waitsOf(seen).some((ms) => ms >= 6_000),
    }),
  },
  {
    id: "F03",
    expected: "backs off between 0.5 and 60 s",
    order: { match: COST },
    outcome: "complete",
    holds: recovered(6),
  },
  {
    id: "F04",
    expected: "the stream stops at once and says until when",
    order: { match: COST },
    outcome: "partial",
    holds: (seen) => ({
      ...refusedPage("source.spend_limit", 1)(seen),
      "it says until when": seen.stream(COST).failure!.hint.includes("2026-12-01"),
    }),
  },
  {
    id: "F05",
    expected: "gives the stream up after six tries",
    order: { match: COST },
    outcome: "partial",
    holds: async (seen) => ({
      ...refusedPage("source.rate_limited", 6)(seen),
      "its cursor is unmoved": (await coverage(seen.bursar, COST)).length === 0,
    }),
  },
  {
    id: "F06",
    expected: "recovers",
    order: { match: COST },
    outcome: "complete",
    holds: (seen) => ({ ...recovered(4)(seen), "three waits": waitsOf(seen).length === 3 }),
  },
  { id: "F07", expected: "recovers", order: { match: COST }, outcome: "complete", holds: recovered(6) },
  {
    id: "F08",
    expected: "no second try; upstream's words and request id are shown",
    order: { match: COST },
    outcome: "partial",
    holds: (seen) => ({
      ...refusedPage("source.bad_request", 1)(seen),
      "upstream's words are shown": seen.stream(COST).failure!.message.includes("the emulator was told to refuse"),
      "the request id is shown": seen.stream(COST).failure!.requestId?.startsWith("req_") === true,
    }),
  },
  {
    id: "F09",
    expected: "credential error, nothing touched",
    outcome: "credential",
    holds: async (seen) => ({
      "one request": seen.bursar.emulator.requests.length === 1,
      "no record": seen.report!.streams.every((stream) => stream.new === 0),
      "the connection is invalid": (await connectionState(seen.bursar)) === "invalid",
    }),
  },
  {
    id: "F10",
    expected: "all streams stop, whole windows are kept",
    outcome: "credential",
    holds: async (seen) => ({
      "at most one more request for each in flight": seen.bursar.emulator.requests.length <= 5 + 8,
      "what was whole is kept": seen.report!.streams.some((stream) => stream.new > 0),
      "the connection is invalid": (await connectionState(seen.bursar)) === "invalid",
    }),
  },
  {
    id: "F11",
    expected: "marked as not permitted, the others complete",
    order: { match: CODE },
    outcome: "complete",
    holds: (seen) => ({
      refused: seen.stream("claude_code").state === "refused",
      "asked once": seen.requests("claude_code") === 1,
      "the others are done": othersDone(seen, "claude_code"),
    }),
  },
  {
    id: "F12",
    expected: "marked as not available, the others complete",
    order: { match: CODE },
    outcome: "complete",
    holds: (seen) => ({
      "not available": seen.stream("claude_code").state === "not_available",
      "asked once": seen.requests("claude_code") === 1,
      "the others are done": othersDone(seen, "claude_code"),
    }),
  },
  {
    id: "F13",
    expected: "stops and says so",
    order: { match: COST },
    outcome: "partial",
    holds: (seen) => ({
      "asked once": seen.requests(COST) === 1,
      "it says so": failedWith(seen, COST, "source.billing"),
    }),
  },
];
