import type { World, WorldStream } from "../world/types.ts";
import type { FaultHost, FaultKind, FaultParams } from "./fault.ts";
import { FaultError, numberParam } from "./fault.ts";

const DAY_MS = 86_400_000;
const STREAMS = ["messages", "cost", "claude_code", "analytics"] as const;

const CHANGE_PARAMS = {
  day: "YYYY-MM-DD; by default counted back from the clock",
  stream: "messages, cost, claude_code or analytics; by default all",
};

export const timeFaults: readonly FaultKind[] = [
  {
    id: "F53",
    name: "our-clock-wrong",
    description: "the client's clock is hours off the upstream's Date header",
    side: "client",
  },
  { id: "F54", name: "our-clock-set-back", description: "the client's clock is set back in a run", side: "client" },
  { id: "F55", name: "host-time-zone", description: "the client's host has another time zone", side: "client" },
  {
    id: "F56",
    name: "partial-today",
    description: "the clock moves on to some hour of a day, so that today's bucket is partial",
    side: "upstream",
    params: { hours: "hour of the day in UTC, 12 by default" },
    arm: ({ clock }, params) => {
      const today = Math.floor(clock.now() / DAY_MS) * DAY_MS;
      const target = today + numberParam(params, "hours", 12) * 3_600_000;
      clock.set(target < clock.now() ? target + DAY_MS : target);
      // Time does not run back when the fault is removed.
      return { disarm: () => {} };
    },
  },
  {
    id: "F57",
    name: "restated-day",
    description: "a recent day's figures are restated",
    side: "upstream",
    params: { ...CHANGE_PARAMS, factor: "multiplies the figures, 1.5 by default" },
    arm: (host, params) => restate(host, params, 2),
  },
  {
    id: "F58",
    name: "vanished-row",
    description: "a row vanishes from a recent day",
    side: "upstream",
    params: { ...CHANGE_PARAMS, nth: "which row, 0 by default" },
    arm: (host, params) => {
      const nth = numberParam(params, "nth", 0);
      return undoing(changed(host, params, 2, (world, day, stream) => world.overlay.vanish({ day, stream, nth })));
    },
  },
  {
    id: "F59",
    name: "restated-long-ago",
    description: "a day outside every usual re-read window is restated",
    side: "upstream",
    params: { ...CHANGE_PARAMS, factor: "multiplies the figures, 1.5 by default" },
    arm: (host, params) => restate(host, params, 45),
  },
  {
    id: "F60",
    name: "cursor-in-future",
    description: "the client's saved cursor lies in the future",
    side: "client",
  },
  {
    id: "F61",
    name: "calendar-edges",
    description: "month ends, 29 February and the limits of buckets per page; chosen by the client's windows",
    side: "client",
  },
];

function restate(host: FaultHost, params: FaultParams, daysAgo: number) {
  const factor = numberParam(params, "factor", 1.5);
  return undoing(
    changed(host, params, daysAgo, (world, day, stream) => world.overlay.restate({ day, stream, factor })),
  );
}

type Change = (world: World, day: string, stream: WorldStream) => () => void;

function changed(host: FaultHost, params: FaultParams, daysAgo: number, change: Change): (() => void)[] {
  const day = params["day"] ?? new Date(host.clock.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new FaultError(`parameter day should be YYYY-MM-DD, not "${day}"`);
  return readStreams(params["stream"]).map((stream) => change(host.world, day, stream));
}

const undoing = (undos: readonly (() => void)[]) => ({ disarm: () => undos.forEach((undo) => undo()) });

function readStreams(text: string | undefined): readonly WorldStream[] {
  if (text === undefined) return STREAMS;
  const stream = STREAMS.find((one) => one === text);
  if (stream === undefined) throw new FaultError(`parameter stream should be one of ${STREAMS.join(", ")}`);
  return [stream];
}
