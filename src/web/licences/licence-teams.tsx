import type { Output } from "../client/index.ts";
import { useFilters } from "../filters/index.ts";
import { labelOf } from "../format/index.ts";
import { Card, DataTable, Empty, type DataColumn } from "../ui/index.ts";

type Licences = Output<"licences">;
type TeamRow = Licences["teams"][number];

/** How many of each team could use Claude Code, and how many of those licences could be taken back. */
export function LicenceTeams({ licences }: { licences: Licences | undefined }) {
  const { narrowTo } = useFilters();
  return (
    <Card title="By team" sentence="The team of the last complete day.">
      <DataTable
        label="Teams"
        rows={licences?.teams}
        columns={COLUMNS}
        rowKey={({ team }) => String(team)}
        sort={{ id: "reclaimable", desc: true }}
        onPick={({ team }) => narrowTo("team", [String(team)])}
        empty={<Empty why="Nobody is listed who could use Claude Code." />}
      />
    </Card>
  );
}

const COLUMNS: readonly DataColumn<TeamRow>[] = [
  { id: "team", title: "Team", value: ({ team }) => labelOf(String(team), "team") },
  {
    id: "eligible",
    title: "Could use it",
    unit: "people",
    value: ({ eligible }) => eligible,
    reason: ({ reason }) => reason,
  },
  {
    id: "reclaimable",
    title: "Reclaimable",
    unit: "people",
    bar: true,
    value: ({ reclaimable }) => reclaimable,
    reason: ({ reason }) => reason,
  },
];
