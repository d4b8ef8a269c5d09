import { useFilters } from "../filters/index.ts";
import { TeamsOverview } from "../people/teams-overview.tsx";
import { useTeams } from "../people/use-teams.ts";
import { Foot, Page } from "../ui/index.ts";

/** Which teams use Claude, how widely, and at what cost. */
export function Teams() {
  const answers = useTeams();
  const { filters } = useFilters();
  return (
    <Page
      title="Teams"
      sentence={
        filters.narrowed.team?.length === 1
          ? "One team's use of Claude: how widely, at what cost, with what result."
          : "Which teams use Claude, how widely, at what cost and with what result."
      }
      filters={{
        narrowings: ["organization", "team", "family", "model", "terminal"],
        kind: true,
        grain: true,
        population: false,
      }}
      foot={<Foot answers={[answers.cost.data]} />}
    >
      <TeamsOverview {...answers} />
    </Page>
  );
}
