import type { Output } from "../client/index.ts";
import { formatRange } from "../format/index.ts";
import { ChartCard, Empty } from "../ui/index.ts";
import { FREQUENCY } from "./formulas.ts";

type Users = Output<"activeUsers">;

const BANDS = {
  daily: "Daily",
  weekly: "Weekly",
  occasional: "Rarely",
  lapsed: "Lapsed",
  never: "Never",
} as const satisfies Record<Users["frequency"]["bands"][number]["id"], string>;

/** People by how many of the last 28 days they were active on. */
export function Frequency({ answer, dimmed }: { answer: Users | undefined; dimmed: boolean }) {
  const frequency = answer?.frequency;
  const known = frequency?.bands.filter(({ people }) => people !== null) ?? [];
  const span = frequency?.window == null ? null : formatRange(frequency.window.from, frequency.window.to);
  return (
    <ChartCard
      title="How often they come"
      sentence={span === null ? "By active days of the last 28." : `By active days of the last 28: ${span}.`}
      chart={
        frequency && {
          kind: "bars",
          data: {
            unit: "people",
            bars: known.map(({ id, least, most, people }) => ({
              name: id,
              label: least === null || most === null || most === 0 ? BANDS[id] : `${BANDS[id]} (${least}–${most})`,
              value: people,
              color: id === "lapsed" || id === "never" ? "var(--c-other)" : "var(--c-1)",
            })),
          },
        }
      }
      metrics={[]}
      formulas={FREQUENCY}
      source={answer?.source}
      dimmed={dimmed}
      empty={<Empty why="The bands need 28 complete days, and so many have not been read yet." />}
    />
  );
}
