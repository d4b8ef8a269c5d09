import { Button } from "@mantine/core";
import { Upload } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";

import { useAnswer, useMe } from "../client/index.ts";
import { daysIn, useFilters } from "../filters/index.ts";
import { PeopleTable, usePeople } from "../people/people-table.tsx";
import "../people/people.css";
import { OF_OTHERS, OF_PEOPLE, SummaryHeadlines } from "../people/summary-headlines.tsx";
import { TeamsOverview } from "../people/teams-overview.tsx";
import { useTeams } from "../people/use-teams.ts";
import { deferred, Foot, Notice, Page } from "../ui/index.ts";

const RosterDialog = deferred(async () => (await import("../people/roster-dialog.tsx")).RosterDialog);

/** Everybody with their use; for those who may not see individuals, what is needed for it, and the teams. */
export function People() {
  const { may } = useMe();
  const seesPeople = may("people");
  const people = usePeople(seesPeople);
  const teams = useTeams(!seesPeople);
  const [isLoading, setLoading] = useState(false);
  return (
    <Page
      title="People"
      sentence={
        seesPeople
          ? "Who uses Claude, how regularly, and at what cost. Bots and keys stand apart; nobody is ranked by lines of code."
          : "How teams use Claude. Single people are shown to few."
      }
      filters={{
        narrowings: ["organization", "team", "person", "family", "model", "terminal"],
        kind: true,
        grain: !seesPeople,
        population: false,
      }}
      actions={
        may("roster") && (
          <Button
            size="xs"
            variant="default"
            leftSection={<Upload size={14} aria-hidden />}
            onClick={() => setLoading(true)}
          >
            Load a roster
          </Button>
        )
      }
      foot={<Foot money answers={[seesPeople ? people.answer.data : teams.cost.data]} />}
    >
      {seesPeople ? (
        <>
          <Headlines who={people.who} />
          <PeopleTable people={people} />
        </>
      ) : (
        <>
          <Notice kind="note">
            Seeing individuals is a permission of its own, which no role has by itself. Ask an admin for it if your work
            needs it; each look at a person is then recorded. Your own figures are under{" "}
            <Link href="/my-usage">My usage</Link>. Here are the teams.
          </Notice>
          <TeamsOverview {...teams} />
        </>
      )}
      {isLoading && <RosterDialog onClose={() => setLoading(false)} />}
    </Page>
  );
}

function Headlines({ who }: { who: "humans" | "service" | "unmapped" }) {
  const { common, compared, kind } = useFilters();
  const shown = who === "humans" ? OF_PEOPLE : OF_OTHERS;
  const summary = useAnswer(
    "summary",
    common && {
      metrics: shown.map(({ metric }) => metric),
      ...daysIn(common),
      ...(common.where === undefined ? {} : { where: [...common.where] }),
      ...compared,
      ...kind,
      population: who,
    },
  );
  return <SummaryHeadlines shown={shown} answer={summary} />;
}
