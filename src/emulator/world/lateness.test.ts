import { beforeEach, describe, expect, it } from "vitest";
import { createWorld } from "./index.ts";
import type { World } from "./index.ts";

const OPTIONS = { seed: 7, people: 40, days: 21, end: "2026-10-14", scale: 1 };
const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);

const outputOf = (world: World, day: string, now: number): number =>
  world
    .messagesUsage({ from: at(day), to: at(day) + 24 * HOUR, width: "1d", groupBy: [], filters: {} }, now)
    .flatMap(({ results }) => results)
    .reduce((sum, row) => sum + row.output_tokens, 0);
const centsOf = (world: World, day: string, now: number): number =>
  world
    .costReport({ from: at(day), to: at(day) + 24 * HOUR, groupBy: [] }, now)
    .flatMap(({ results }) => results)
    .reduce((sum, row) => sum + Number(row.amount), 0);
const sessionsOf = (world: World, day: string, now: number): number =>
  world.claudeCode(day, now).reduce((sum, { core_metrics }) => sum + core_metrics.num_sessions, 0);
const requestsOf = (world: World, day: string, now: number): number =>
  world
    .analyticsUsage(
      { from: at(day), to: at(day) + 24 * HOUR, width: "1d", groupBy: [], filters: {}, excludeDeletedUsers: false },
      now,
    )
    .reduce((sum, { usage }) => sum + (usage.requests ?? 0), 0);

describe("time", () => {
  const world = createWorld(OPTIONS);
  const muchLater = world.startsAt + 60 * 24 * HOUR;

  it("changes nothing of the history once the clock has started", () => {
    for (const day of ["2026-10-13", "2026-10-14"]) {
      for (const of of [outputOf, centsOf, sessionsOf, requestsOf])
        expect(of(world, day, world.startsAt)).toBe(of(world, day, muchLater));
    }
  });

  it("shows of today only hours that are over, Claude Code an hour and analytics four hours later", () => {
    const today = "2026-10-15";
    const hours = (now: number) =>
      world
        .messagesUsage({ from: at(today), to: at(today) + 24 * HOUR, width: "1h", groupBy: [], filters: {} }, now)
        .flatMap(({ results }, hour) => (results.length > 0 ? [hour] : []));
    expect(Math.max(...hours(at("2026-10-15T12:00:00Z")))).toBe(10);
    expect(Math.max(...hours(at("2026-10-15T12:05:00Z")))).toBe(11);
    const noon = at("2026-10-15T12:00:00Z");
    expect(requestsOf(world, today, noon)).toBeLessThan(requestsOf(world, today, noon + 4 * HOUR));
    expect(sessionsOf(world, today, noon)).toBeLessThan(sessionsOf(world, today, noon + HOUR));
    expect(sessionsOf(world, today, at("2026-10-15T00:59:00Z"))).toBe(0);
  });

  it("lets figures of later days arrive for two days, and for thirty in analytics", () => {
    const day = "2026-10-15";
    const soon = at("2026-10-16T04:00:00Z");
    for (const of of [outputOf, centsOf, sessionsOf]) {
      expect(of(world, day, soon)).toBeLessThan(of(world, day, soon + 48 * HOUR));
      expect(of(world, day, soon + 48 * HOUR)).toBe(of(world, day, muchLater));
    }
    const afterTen = requestsOf(world, day, at("2026-10-25"));
    expect(afterTen).toBeLessThan(requestsOf(world, day, muchLater));
    expect(requestsOf(world, day, at("2026-11-15"))).toBe(requestsOf(world, day, muchLater));
  });

  it("knows no activity before the history", () => {
    expect(outputOf(world, "2026-09-23", muchLater)).toBe(0);
    expect(world.claudeCode("2026-09-23", muchLater)).toEqual([]);
  });
});

describe("the overlay", () => {
  let world: World;
  const day = "2026-10-12";
  beforeEach(() => {
    world = createWorld(OPTIONS);
  });

  it.each([
    ["messages", outputOf],
    ["cost", centsOf],
    ["claude_code", sessionsOf],
    ["analytics", requestsOf],
  ] as const)("restates a day of %s alone, and takes it back", (stream, of) => {
    const others = [outputOf, centsOf, sessionsOf, requestsOf].filter((other) => other !== of);
    const before = of(world, day, world.startsAt);
    const rest = others.map((other) => other(world, day, world.startsAt));
    const undo = world.overlay.restate({ day, stream, factor: 2 });
    expect(of(world, day, world.startsAt)).toBeCloseTo(2 * before, 4);
    expect(others.map((other) => other(world, day, world.startsAt))).toEqual(rest);
    expect(of(world, "2026-10-13", world.startsAt)).toBe(of(createWorld(OPTIONS), "2026-10-13", world.startsAt));
    undo();
    expect(of(world, day, world.startsAt)).toBe(before);
  });

  it.each([
    ["messages", outputOf],
    ["cost", centsOf],
    ["analytics", requestsOf],
  ] as const)("lets a row of %s vanish", (stream, of) => {
    const before = of(world, day, world.startsAt);
    world.overlay.vanish({ day, stream, nth: 5 });
    expect(of(world, day, world.startsAt)).toBeLessThan(before);
    world.overlay.clear();
    expect(of(world, day, world.startsAt)).toBe(before);
  });

  it("lets just the asked record of Claude Code vanish", () => {
    const before = world.claudeCode(day, world.startsAt);
    world.overlay.vanish({ day, stream: "claude_code", nth: 3 });
    expect(world.claudeCode(day, world.startsAt)).toEqual(before.toSpliced(3, 1));
  });

  it("keeps all cuts of a restated day in agreement", () => {
    world.overlay.restate({ day, stream: "messages", factor: 1.037 });
    const grouped = world
      .messagesUsage(
        { from: at(day), to: at(day) + 24 * HOUR, width: "1h", groupBy: ["api_key_id", "model"], filters: {} },
        world.startsAt,
      )
      .flatMap(({ results }) => results)
      .reduce((sum, row) => sum + row.output_tokens, 0);
    expect(grouped).toBe(outputOf(world, day, world.startsAt));
  });

  it("leaves the truth alone and counts its versions", () => {
    const truth = world.truth();
    const { version } = world.overlay;
    world.overlay.restate({ day, stream: "cost", factor: 0.5 });
    expect(world.overlay.version).toBe(version + 1);
    expect(world.truth()).toEqual(truth);
  });
});
