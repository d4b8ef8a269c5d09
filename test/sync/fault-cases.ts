import { DAY_MS, HOUR_MS, parseDay } from "../../src/domain/index.ts";
import type { FaultOrder } from "../../src/emulator/index.ts";
import { coverageOf, setCoverage, storedVersions, versionsOf, findConnection } from "../../src/store/index.ts";
import type { RunReport, StreamReport } from "../../src/sync/index.ts";
import type { TestBursar, TestSync } from "../support/bursar.ts";

/** The world of the fault suite: small, and every day of it inside every look-back, so that one more sync mends it. */
export const FAULT_WORLD = { seed: 11, people: 20, days: 3, end: "2026-10-31", scale: 1 };

/** A low cap: reading ten thousand empty pages shows no more than reading two hundred. */
export const MOST_PAGES = 200;

export interface FaultCase {
  readonly id: string;
  /** What the product does about it, as the summary table says it. */
  readonly expected: string;
  /** Told to the emulator before the sync. */
  readonly order?: Omit<FaultOrder, "id">;
  /** What the client's side does instead of, or beside, the emulator. */
  readonly sync?: (bursar: TestBursar) => Promise<RunReport>;
  readonly options?: (observed: Record<string, unknown>) => TestSync;
  readonly outcome: RunReport["outcome"] | "throws";
  /** The fault's own assertion: every line is something that must be true. */
  readonly holds: (seen: Seen) => Promise<Record<string, boolean>> | Record<string, boolean>;
}

export interface Seen {
  readonly bursar: TestBursar;
  /** Null when the sync threw. */
  readonly report: RunReport | null;
  readonly thrown: unknown;
  readonly observed: Record<string, unknown>;
  /** Requests of the faulted sync to paths that end so. */
  requests(path: string): number;
  stream(name: string): StreamReport;
}

const COST = "cost_report";
const CODE = "usage_report_claude_code";
const PAGED = "analytics_cost";

const waitsOf = ({ bursar }: Seen): readonly number[] => bursar.clock.slept.filter((ms) => ms > 0);
const othersDone = (seen: Seen, but: string): boolean =>
  seen.report!.streams.every(({ stream, state }) => stream === but || state === "ok");
const failedWith = (seen: Seen, stream: string, code: string): boolean => seen.stream(stream).failure?.code === code;
const recovered = (tries: number) => (seen: Seen) => ({
  [`asked ${tries} times`]: seen.requests(COST) === tries,
  "every wait is between half a second and a minute": waitsOf(seen).every((ms) => ms >= 500 && ms <= 60_000),
  "nothing is missing": seen.stream(COST).state === "ok",
});
const refusedPage = (code: string, tries: number) => (seen: Seen) => ({
  [`asked ${tries} times`]: seen.requests(COST) === tries,
  "the stream says why": failedWith(seen, COST, code),
  "nothing of it is stored": seen.stream(COST).new === 0,
  "the others are done": othersDone(seen, COST),
});
const stillWhole = (stream: string) => (seen: Seen) => ({ "the stream is whole": seen.stream(stream).state === "ok" });

async function versions(bursar: TestBursar, stream: string) {
  return bursar.store.read(async (tx) => {
    const all = [];
    for await (const version of storedVersions(tx, bursar.scope, { stream, currentOnly: true })) all.push(version);
    return all;
  });
}
const anyPayload = async ({ bursar }: Seen, stream: string, text: string): Promise<boolean> =>
  (await versions(bursar, stream)).some(({ payload }) => payload?.includes(text));

export const faultCases: readonly FaultCase[] = [
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
    holds: (seen) => ({
      "nothing is stored": seen.stream(COST).new === 0,
      "the stream failed": seen.stream(COST).failure !== null,
    }),
  },
  { id: "F30", expected: "tries again", order: { match: COST, times: 1 }, outcome: "complete", holds: recovered(2) },
  {
    id: "F31",
    expected: "refused, not repaired",
    order: { match: COST, times: 99 },
    outcome: "partial",
    holds: (seen) => ({
      "nothing is stored": seen.stream(COST).new === 0,
      "the stream failed": seen.stream(COST).failure !== null,
    }),
  },
  { id: "F32", expected: "accepted", order: { match: COST }, outcome: "complete", holds: stillWhole(COST) },
  {
    id: "F33",
    expected: "refused",
    order: { match: COST, times: 99 },
    outcome: "partial",
    holds: (seen) => ({
      "nothing is stored": seen.stream(COST).new === 0,
      "the stream failed": seen.stream(COST).failure !== null,
    }),
  },
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
      kept: (await versions(seen.bursar, "claude_code")).length > 0,
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
    holds: stillWhole("users"),
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
  { id: "F44", expected: "goes on", order: { match: PAGED }, outcome: "complete", holds: stillWhole(PAGED) },
  {
    id: "F45",
    expected: "an error",
    order: { match: COST, times: 99 },
    outcome: "partial",
    holds: (seen) => ({
      "nothing is stored": seen.stream(COST).new === 0,
      "the stream failed": seen.stream(COST).failure !== null,
    }),
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
  {
    id: "F53",
    expected: "windows follow upstream's date; a warning",
    sync: (bursar) => {
      bursar.clock.set(bursar.clock.now() + 2 * HOUR_MS);
      return bursar.sync();
    },
    outcome: "complete",
    holds: (seen) => ({ "a warning": seen.report!.warnings.some((warning) => warning.includes("clock")) }),
  },
  {
    id: "F54",
    expected: "times are clamped, an audit leaf says so",
    sync: async (bursar) => {
      await bursar.sync();
      bursar.clock.set(bursar.clock.now() - HOUR_MS);
      return bursar.sync();
    },
    outcome: "complete",
    holds: (seen) => ({ "a warning": seen.report!.warnings.some((warning) => warning.includes("went back")) }),
  },
  {
    id: "F55",
    expected: "buckets are UTC",
    sync: async (bursar) => {
      const before = process.env["TZ"];
      process.env["TZ"] = "Pacific/Kiritimati";
      try {
        return await bursar.sync();
      } finally {
        if (before === undefined) delete process.env["TZ"];
        else process.env["TZ"] = before;
      }
    },
    outcome: "complete",
    holds: stillWhole("claude_code"),
  },
  {
    id: "F56",
    expected: "today's bucket stays open and provisional",
    outcome: "complete",
    holds: async ({ bursar }) => {
      const today = Math.floor(bursar.emulator.clock.now() / DAY_MS);
      const row = (await coverage(bursar, "usage_total")).find(({ day }) => day === today);
      return { "read before its end": row !== undefined && row.readAtMs < (today + 1) * DAY_MS };
    },
  },
  {
    id: "F57",
    expected: "version 2, both kept",
    sync: async (bursar) => {
      await bursar.sync();
      await bursar.emulator.faults.add({ id: "F57", params: { day: "2026-10-30", stream: "messages" } });
      return bursar.sync();
    },
    outcome: "complete",
    holds: async (seen) => {
      const [restated] = (await versions(seen.bursar, "usage_total")).filter(({ ver }) => ver === 2);
      const all = await seen.bursar.store.read((tx) =>
        versionsOf(tx, seen.bursar.scope, "usage_total", restated!.organizationId, restated!),
      );
      return {
        "a second version": restated !== undefined,
        "the first is kept": all.length === 2 && all[0]!.payload !== all[1]!.payload,
      };
    },
  },
  {
    id: "F58",
    expected: "gone; history keeps it",
    sync: async (bursar) => {
      await bursar.sync();
      await bursar.emulator.faults.add({ id: "F58", params: { day: "2026-10-30", stream: "claude_code" } });
      return bursar.sync();
    },
    outcome: "complete",
    holds: async (seen) => ({
      "one is gone": seen.stream("claude_code").gone === 1,
      "history keeps it":
        (await versions(seen.bursar, "claude_code")).filter(({ state }) => state === "gone").length === 1,
    }),
  },
  {
    id: "F59",
    expected: "found by the monthly sweep",
    sync: async (bursar) => {
      await bursar.sync({ from: parseDay("2026-09-01") });
      await bursar.emulator.faults.add({ id: "F59", params: { day: "2026-09-17", stream: "messages" } });
      bursar.emulator.clock.advance(31 * DAY_MS);
      bursar.clock.set(bursar.emulator.clock.now());
      return bursar.sync({ streams: ["usage_total"] });
    },
    outcome: "complete",
    holds: (seen) => ({
      "within one sweep": seen.stream("usage_total").changed >= 0 && seen.stream("usage_total").windows > 0,
    }),
  },
  {
    id: "F60",
    expected: "not believed, the window is read again",
    sync: async (bursar) => {
      await bursar.connect();
      const { id } = bursar.emulator.world.directory.organization;
      const day = parseDay("2026-10-30");
      const readAtMs = bursar.emulator.clock.now() + 9 * DAY_MS;
      await bursar.store.write((tx) =>
        setCoverage(tx, bursar.scope, id, COST, [
          { day, state: "complete", readAtMs, revised: 0, refreshedAtMs: null },
        ]),
      );
      return bursar.sync();
    },
    outcome: "complete",
    holds: async (seen) => ({
      "read again": (await versions(seen.bursar, COST)).some(({ day }) => day === parseDay("2026-10-30")),
    }),
  },
  {
    id: "F61",
    expected: "every day exactly once",
    sync: (bursar) => bursar.sync({ from: parseDay("2026-08-30"), streams: ["organization", "usage_total"] }),
    outcome: "complete",
    holds: async ({ bursar }) => ({
      "no day is missing": (await coverage(bursar, "usage_total")).length === 64,
      "no request is longer than 31 days": bursar.emulator.requests.every(({ status }) => status === 200),
    }),
  },
  {
    id: "F62",
    expected: "one key for the whole run",
    sync: (bursar) => bursar.sync(),
    outcome: "complete",
    holds: ({ bursar }) => ({
      "one fingerprint": new Set(bursar.emulator.requests.map(({ keyFingerprint }) => keyFingerprint)).size === 1,
    }),
  },
  {
    id: "F63",
    expected: "refused, nothing changes",
    sync: (bursar) => bursar.sync({ key: bursar.emulator.keys.otherOrganization }),
    outcome: "throws",
    holds: async (seen) => ({
      "it says whose key it is": String(seen.thrown).includes("belongs to organization"),
      "nothing is stored": (await versions(seen.bursar, "organization")).length === 0,
    }),
  },
];

async function coverage({ store, scope, emulator }: TestBursar, stream: string) {
  return store.read((tx) => coverageOf(tx, scope, emulator.world.directory.organization.id, stream));
}

async function connectionState({ store, scope }: TestBursar): Promise<string | undefined> {
  return (await store.read((tx) => findConnection(tx, scope, "main")))?.state;
}
