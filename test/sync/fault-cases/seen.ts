import { coverageOf, findConnection, storedVersions } from "../../../src/store/index.ts";
import type { TestBursar } from "../../support/bursar.ts";
import type { Seen } from "./fault-case.ts";

export const COST = "cost_report";
export const CODE = "usage_report_claude_code";
export const PAGED = "analytics_cost";

export const waitsOf = ({ bursar }: Seen): readonly number[] => bursar.clock.slept.filter((ms) => ms > 0);
export const othersDone = (seen: Seen, but: string): boolean =>
  seen.report!.streams.every(({ stream, state }) => stream === but || state === "ok");
export const failedWith = (seen: Seen, stream: string, code: string): boolean =>
  seen.stream(stream).failure?.code === code;
export const recovered = (tries: number) => (seen: Seen) => ({
  [`asked ${tries} times`]: seen.requests(COST) === tries,
  "every wait is between half a second and a minute": waitsOf(seen).every((ms) => ms >= 500 && ms <= 60_000),
  "nothing is missing": seen.stream(COST).state === "ok",
});
export const refusedPage = (code: string, tries: number) => (seen: Seen) => ({
  [`asked ${tries} times`]: seen.requests(COST) === tries,
  "the stream says why": failedWith(seen, COST, code),
  "nothing of it is stored": seen.stream(COST).new === 0,
  "the others are done": othersDone(seen, COST),
});
export const stillWhole = (stream: string) => (seen: Seen) => ({
  "the stream is whole": seen.stream(stream).state === "ok",
});

export const nothingStored = (stream: string) => (seen: Seen) => ({
  "nothing is stored": seen.stream(stream).new === 0,
  "the stream failed": seen.stream(stream).failure !== null,
});

export async function versions(bursar: TestBursar, stream: string) {
  return bursar.store.read(async (tx) => {
    const all = [];
    for await (const version of storedVersions(tx, bursar.scope, { stream, currentOnly: true })) all.push(version);
    return all;
  });
}
export const anyPayload = async ({ bursar }: Seen, stream: string, text: string): Promise<boolean> =>
  (await versions(bursar, stream)).some(({ payload }) => payload?.includes(text));

export async function coverage({ store, scope, emulator }: TestBursar, stream: string) {
  return store.read((tx) => coverageOf(tx, scope, emulator.world.directory.organization.id, stream));
}

export async function connectionState({ store, scope }: TestBursar): Promise<string | undefined> {
  return (await store.read((tx) => findConnection(tx, scope, "main")))?.state;
}
