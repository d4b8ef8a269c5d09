import type { ReactNode } from "react";

import type { Output } from "../client/index.ts";
import { formatDay, formatRange, labelOf } from "../format/index.ts";
import { Card, Fact, FactRows } from "../ui/index.ts";

type PersonPage = Output<"personUsage">;

/** Who somebody is in the organization, as the roster tells it, and what counts as theirs. */
export function AboutPerson({ person, firstActive, lastActive }: PersonPage) {
  const facts: [string, ReactNode][] = [
    ["Team", <Teams key="teams" teams={person.teams} now={person.team} />],
    ["Cost centre", person.costCentre ?? "—"],
    ["Manager", <bdi key="manager">{person.manager ?? "—"}</bdi>],
    ["Addresses", <Lines key="addresses" lines={person.emails} none="none is known" />],
    [
      "In the roster",
      person.personId === null
        ? "no: figures stand under the address alone"
        : person.inRoster
          ? `yes${person.startsOn === null ? "" : `, since ${formatDay(person.startsOn)}`}`
          : `no${person.endsOn === null ? "" : `, left ${formatDay(person.endsOn)}`}`,
    ],
    ["Own keys", <Lines key="keys" lines={person.keys.map(({ actor }) => actor)} none="none" />],
    ["First active", firstActive === null ? "never" : formatDay(firstActive)],
    ["Last active", lastActive === null ? "never" : formatDay(lastActive)],
  ];
  return (
    <Card title="About">
      <FactRows of="texts" className="people-facts">
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </FactRows>
    </Card>
  );
}

/** A page about a person says who reads it. */
export function WhoCanSee({ whoCanSee }: { whoCanSee: readonly string[] }) {
  return (
    <Card title="Who can see this page">
      <ul className="who-can-see">
        {whoCanSee.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p className="small quiet who-note">
        Each look by somebody else is recorded in the ledger: who looked, when, at whom.
      </p>
    </Card>
  );
}

function Teams({ teams, now }: { teams: PersonPage["person"]["teams"]; now: string | null }) {
  if (teams.length < 2) return <bdi>{labelOf(String(now), "team")}</bdi>;
  return (
    <ul className="people-list">
      {teams.toReversed().map(({ team, from, to }) => (
        <li key={`${team} ${from}`}>
          <bdi>{labelOf(String(team), "team")}</bdi> <span className="quiet small">{spanWords(from, to)}</span>
        </li>
      ))}
    </ul>
  );
}

function Lines({ lines, none }: { lines: readonly string[]; none: string }) {
  if (lines.length === 0) return none;
  return (
    <ul className="people-list">
      {lines.map((line) => (
        <li key={line}>
          <bdi>{line}</bdi>
        </li>
      ))}
    </ul>
  );
}

function spanWords(from: string | null, to: string | null): string {
  if (from !== null && to !== null) return formatRange(from, to);
  if (from !== null) return `since ${formatDay(from)}`;
  return to === null ? "" : `until ${formatDay(to)}`;
}
