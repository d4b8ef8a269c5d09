import { dayOfInstant, parseDay } from "../../../domain/index.ts";
import { statusOf } from "../../../sync/index.ts";
import type { Check } from "../findings.ts";

/** A report that is more days behind than this is late: all are there within two. */
const LATE_DAYS = 3;

/** Streams that fail or fall behind, and keys that are refused: figures that look like a quiet week. */
export const lateData: Check = {
  id: "late_data",
  title: "Late data",
  async look({ asker, streams }) {
    const { connections } = await statusOf(asker.store, asker.scope, streams, asker.now);
    const connected = connections.filter(({ state }) => state !== "disconnected");
    if (connected.length === 0) return "no organization is connected";
    const yesterday = dayOfInstant(asker.now) - 1;
    return connected.flatMap(({ connection, state, streams: lines }) => {
      const failed = lines.filter((line) => line.state === "failed");
      const behind = lines.flatMap(({ cursor }) => (cursor === null ? [] : [yesterday - parseDay(cursor)]));
      const days = Math.max(0, ...behind);
      if (state !== "invalid" && failed.length === 0 && days < LATE_DAYS) return [];
      const why =
        state === "invalid"
          ? "Anthropic refuses its key"
          : failed.length > 0
            ? `${failed.map(({ title }) => title).join(", ")} could not be read the last time`
            : `its oldest report ends ${days} days ago`;
      return [
        {
          id: `late_data:${connection}`,
          title: `${connection} is behind`,
          severity: state === "invalid" || failed.length > 0 ? ("high" as const) : ("medium" as const),
          amountUsd: null,
          people: null,
          sentence: `${connection}: ${why}. Days that are missing are no quiet days.`,
          evidence: [
            { label: "Days behind", value: days, unit: "days" as const },
            { label: "Streams that failed", value: failed.length, unit: "count" as const },
          ],
          link: { page: "/connections", filters: {} },
        },
      ];
    });
  },
};
