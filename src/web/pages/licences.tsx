import { Link } from "wouter";

import { useAnswer, useMe, type Output } from "../client/index.ts";
import { useFilters } from "../filters/index.ts";
import { formatDay } from "../format/index.ts";
import { LicenceHygiene } from "../licences/hygiene.tsx";
import "../people/people.css";
import { LicenceTable, useLicenceList } from "../licences/licence-table.tsx";
import { LicenceTeams } from "../licences/licence-teams.tsx";
import { STATES } from "../licences/states.ts";
import { ChartCard, Column, Columns, Empty, ErrorBox, Fact, Headline, HeadlineRow, Notice, Page } from "../ui/index.ts";

type Licences = Output<"licences">;

/** Who could use Claude Code and does not, and what could be taken back. */
export function Licences() {
  const { filters } = useFilters();
  const { may } = useMe();
  const { choose } = useLicenceList();
  const where = [
    ...(filters.narrowed.team ?? []).map((value) => ({ dimension: "team", value: value === "null" ? null : value })),
    ...(filters.narrowed.organization ?? []).map((value) => ({ dimension: "organization", value })),
  ];
  const question = {
    ...(where.length === 0 ? {} : { where }),
    ...(filters.asOf === null ? {} : { asOf: filters.asOf }),
  };
  const licences = useAnswer("licences", question);
  const people = useAnswer("licencePeople", may("people") ? question : null);
  const { data } = licences;
  const never = data?.states.find(({ id }) => id === "never_active");
  const dimmed = licences.isPlaceholderData;
  return (
    <Page
      title="Licences"
      sentence="Who could use Claude Code and does not, and which licences could go to somebody else."
      filters={{ narrowings: ["organization", "team"], range: false, population: false }}
      foot={data && <TermsFoot licences={data} />}
    >
      {licences.isError && <ErrorBox thrown={licences.error} onRetry={() => void licences.refetch()} />}
      {data !== undefined && data.eligible === null && (
        <Notice kind="note">
          Nobody is listed who could use Claude Code, so nothing can be said about licences yet.{" "}
          <Link href="/people">Load a roster</Link> or sync the members.
        </Notice>
      )}
      {data !== undefined && data.eligible !== null && data.saving.reason !== null && (
        <Notice kind="note">{savingWords(data, may("settings"))}</Notice>
      )}
      <HeadlineRow>
        <Headline label="Could use it" value={data?.eligible} unit="people" reason={data?.reason} dimmed={dimmed} />
        <Headline
          label={data?.utilisationLabel === "seat utilisation" ? "Seat utilisation" : "Member adoption"}
          value={data?.utilisation.value}
          unit="ratio"
          reason={data?.utilisation.reason}
          dimmed={dimmed}
        />
        <Headline label="Never active" value={never?.people} unit="people" reason={never?.reason} dimmed={dimmed} />
        <Headline label="Reclaimable" value={data?.reclaimable} unit="people" reason={data?.reason} dimmed={dimmed} />
        <Headline
          label="Would save"
          note="a month"
          value={data?.saving.perMonth}
          unit="usd"
          reason={data?.saving.note}
          dimmed={dimmed}
        />
      </HeadlineRow>
      <Columns>
        <Column span={7}>
          <ChartCard
            title="How long licences lie unused"
            sentence={
              data &&
              `From ${data.idleDays} idle days on a licence is reclaimable; the first ${data.graceDays} days after it was given do not count.`
            }
            chart={
              data && {
                kind: "bars",
                data: {
                  unit: "people",
                  bars: data.states
                    .filter(({ id, people }) => id !== "unknown" || (people ?? 0) > 0)
                    .filter(({ people }) => people !== null)
                    .map(({ id, people }) => ({
                      name: id,
                      label: STATES[id].label,
                      value: people,
                      color: STATES[id].color,
                    })),
                },
              }
            }
            metrics={[]}
            empty={<Empty why="Nobody is listed who could use Claude Code." />}
            formulas={FORMULAS}
            problem={licences.error}
            dimmed={dimmed}
            {...(may("people") ? { onPick: (state: string) => choose({ state }) } : {})}
          />
        </Column>
        <Column span={5}>
          <LicenceHygiene licences={data} outside={people.data?.outside} />
        </Column>
        {may("people") ? (
          <Column span={12}>
            <LicenceTable people={people} />
          </Column>
        ) : (
          <Column span={12}>
            <Notice kind="note">
              Who they are is shown to those with the permission to see individuals. Ask an admin for it if your work
              needs it.
            </Notice>
          </Column>
        )}
        <Column span={12}>
          {licences.isError ? <Empty why="Nothing was read." /> : <LicenceTeams licences={data} />}
        </Column>
      </Columns>
    </Page>
  );
}

const FORMULAS = [
  {
    title: "Member adoption, seat utilisation",
    description: "Who used Claude Code in the last 30 complete days, of all who could.",
    formula: "people active in 30 days / people who could use it",
  },
  {
    title: "Never active",
    description: "Could use it for longer than the grace period, and was not active on any day that is held.",
    formula: "no active day, and days since the licence was given >= grace",
  },
  {
    title: "Idle for N days",
    description: "Not active on any of the last N days, all of which were read to their end.",
    formula: "last complete day − last active day >= N",
  },
  {
    title: "Reclaimable",
    description: "Never active, or idle for the days of the settings; not on the list of exceptions.",
    formula: "(never active or idle >= idle days) and not protected",
  },
];

function savingWords({ saving }: Licences, mayChange: boolean) {
  if (saving.reason !== "seat_price_unknown") return saving.note;
  return (
    <>
      {saving.note} {mayChange && <Link href="/settings">Set the seat price</Link>}
    </>
  );
}

/** Licences have no range: they are as of one day, on terms that the settings keep. */
function TermsFoot({ licences }: { licences: Licences }) {
  const { day, heldFrom, denominator, activeRule, completeThrough, graceDays, idleDays } = licences;
  const facts: [string, string][] = [
    ["As of the end of", day === null ? "no complete day yet" : `${formatDay(day)}, UTC`],
    ["Record held from", heldFrom === null ? "nothing yet" : formatDay(heldFrom)],
    ["Complete through", completeThrough === null ? "not yet" : formatDay(completeThrough)],
    ["Counted of", DENOMINATORS[denominator]],
    ["Active by", activeRule === "any" ? "any use" : activeRule],
    ["Idle from", `${idleDays} days`],
    ["Grace", `${graceDays} days`],
  ];
  return (
    <footer className="foot">
      <dl>
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
    </footer>
  );
}

const DENOMINATORS = {
  assigned_seats: "assigned seats",
  org_members: "members of the organization",
  roster: "the roster",
  ever_active: "everybody who was ever active",
} as const satisfies Record<Licences["denominator"], string>;
