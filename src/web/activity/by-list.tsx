import type { Output } from "../client/index.ts";
import { exact } from "../format/index.ts";
import { ChartCard, Empty, FactRows } from "../ui/index.ts";

type Adopted = Output<"adoption">;
export type Denominator = Adopted["denominator"];

/** Whom a rate is divided by, in words. */
export const LISTS = {
  roster: { name: "Roster", of: "the people of the roster" },
  assigned_seats: { name: "Assigned seats", of: "the assigned seats" },
  org_members: { name: "Members", of: "the members who may use Claude Code" },
  ever_active: { name: "Ever active", of: "everybody who was ever active" },
} as const satisfies Record<Denominator, { name: string; of: string }>;

const FLAGS = {
  no_seats: "no seats are assigned",
  denominator_backfilled: "earlier days are taken from the first known list",
  not_loaded: "not loaded",
} as const satisfies Record<Adopted["denominators"][number]["flags"][number], string>;

/** The same active people over each list of who could be active. */
export function ByList({
  answer,
  dimmed,
  onChoose,
}: {
  answer: Adopted | undefined;
  dimmed: boolean;
  onChoose: (next: string) => void;
}) {
  const usable = answer?.denominators.filter(({ rate }) => rate.value !== null) ?? [];
  const others = answer?.denominators.filter(({ rate }) => rate.value === null) ?? [];
  const flagged = usable.flatMap(({ id, flags }) => flags.map((flag) => `${LISTS[id].name}: ${FLAGS[flag]}.`));
  return (
    <ChartCard
      title="By list"
      sentence="The same people over each list of who could. Pick one to divide the page by it."
      chart={
        answer && {
          kind: "bars",
          data: {
            unit: "ratio",
            bars: usable.map(({ id, rate }) => ({
              name: id,
              label: LISTS[id].name,
              value: rate.value,
              color: id === answer.denominator ? "var(--c-1)" : "var(--seq-3)",
            })),
          },
        }
      }
      metrics={["adoption_rate"]}
      source={answer?.source}
      dimmed={dimmed}
      onPick={onChoose}
      empty={<Empty why="No list of people has been read yet. Connect an organization, or load a roster." />}
    >
      <FactRows of="figures" className="activity-facts small">
        {usable.map(({ id, active, eligible }) => (
          <div key={id}>
            <dt>{LISTS[id].name}</dt>
            <dd>
              {exact(active, "people")} of {exact(eligible, "people")}
            </dd>
          </div>
        ))}
        {others.map(({ id, flags }) => (
          <div key={id}>
            <dt>{LISTS[id].name}</dt>
            <dd className="quiet">{flags.length === 0 ? "no figure" : flags.map((flag) => FLAGS[flag]).join(", ")}</dd>
          </div>
        ))}
      </FactRows>
      {flagged.map((line) => (
        <p key={line} className="small quiet">
          {line}
        </p>
      ))}
    </ChartCard>
  );
}
