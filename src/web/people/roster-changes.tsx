import { Tabs } from "@mantine/core";

import type { Output } from "../client/index.ts";
import { exact, formatDay, isDay, labelOf } from "../format/index.ts";
import { DataTable, Empty, Notice, type DataColumn } from "../ui/index.ts";

type Preview = Output<"previewPeople">;
type Added = Preview["added"][number];
type Changed = Preview["changed"][number];
type Removed = Preview["removed"][number];
type Trouble = Preview["problems"][number];

/** What a file would add, change and remove, and every line of it that cannot be read. */
export function RosterChanges({ preview }: { preview: Preview }) {
  const { counts, problems, ok, from } = preview;
  const lists = [
    { id: "added", title: "Added", count: counts.added },
    { id: "changed", title: "Changed", count: counts.changed },
    { id: "removed", title: "Removed", count: counts.removed },
  ] as const;
  if (!ok) {
    return (
      <div className="people-stack">
        <Notice kind="partial">
          {problems.length === 0
            ? "The file lists nobody. Nothing can be loaded from it."
            : `${exact(problems.length, "count")} ${problems.length === 1 ? "line" : "lines"} cannot be read. Nothing is loaded until all of them can: mend the file and preview it again.`}
        </Notice>
        <DataTable
          label="Lines that cannot be read"
          rows={problems}
          columns={PROBLEMS}
          rowKey={({ line, column, problem }) => `${line} ${column} ${problem}`}
          empty={<Empty why="Give a file with at least one person." />}
        />
      </div>
    );
  }
  return (
    <div className="people-stack">
      <dl className="roster-counts">
        {[...lists, { id: "unchanged", title: "Unchanged", count: counts.unchanged }].map(({ id, title, count }) => (
          <div key={id}>
            <dt>{title}</dt>
            <dd>{exact(count, "count")}</dd>
          </div>
        ))}
      </dl>
      {counts.removed > 0 && (
        <Notice kind="partial">
          {counts.removed === 1 ? "One person leaves" : `${exact(counts.removed, "count")} people leave`} the roster.
          What they did stays in the record, under their name.
        </Notice>
      )}
      <Tabs defaultValue={lists.find(({ count }) => count > 0)?.id ?? "added"}>
        <Tabs.List>
          {lists.map(({ id, title, count }) => (
            <Tabs.Tab key={id} value={id}>
              {title} {exact(count, "count")}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="added" pt={10}>
          <DataTable
            label="People who are added"
            rows={preview.added}
            columns={ADDED}
            rowKey={({ email, name }) => `${email} ${name}`}
            pageSize={20}
            empty={<Empty why="Nobody is new." />}
          />
        </Tabs.Panel>
        <Tabs.Panel value="changed" pt={10}>
          <p className="small quiet">Changes of team, cost centre and manager hold from {formatDay(from)}.</p>
          <DataTable
            label="People who are changed"
            rows={preview.changed}
            columns={CHANGED}
            rowKey={({ personId }) => personId}
            pageSize={20}
            empty={<Empty why="Nobody changes." />}
          />
        </Tabs.Panel>
        <Tabs.Panel value="removed" pt={10}>
          <DataTable
            label="People who are removed"
            rows={preview.removed}
            columns={REMOVED}
            rowKey={({ personId }) => personId}
            pageSize={20}
            empty={<Empty why="Nobody is removed." />}
          />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

const PROBLEMS: readonly DataColumn<Trouble>[] = [
  { id: "line", title: "Line", value: ({ line }) => `Line ${line}` },
  { id: "column", title: "Column", value: ({ column }) => column ?? "the whole line" },
  { id: "problem", title: "What is wrong", value: ({ problem }) => problem },
  { id: "remedy", title: "What to do", value: ({ remedy }) => remedy },
];

const ADDED: readonly DataColumn<Added>[] = [
  { id: "name", title: "Person", value: ({ name }) => name },
  { id: "email", title: "Address", value: ({ email }) => email },
  { id: "team", title: "Team", value: ({ team }) => labelOf(String(team), "team") },
];

const REMOVED: readonly DataColumn<Removed>[] = [
  ...ADDED,
  { id: "keys", title: "Keys they own", unit: "count", value: ({ keys }) => keys },
];

const FIELDS: Readonly<Record<Changed["changes"][number]["field"], string>> = {
  name: "Name",
  emails: "Addresses",
  team: "Team",
  costCentre: "Cost centre",
  manager: "Manager",
  startsOn: "Starts",
  endsOn: "Ends",
  inRoster: "In the roster",
};

const CHANGED: readonly DataColumn<Changed>[] = [
  { id: "name", title: "Person", value: ({ name }) => name },
  { id: "email", title: "Address", value: ({ email }) => email },
  {
    id: "changes",
    title: "Changes",
    value: ({ changes }) =>
      changes.map((one) => `${FIELDS[one.field]}: ${words(one.before)} → ${words(one.after)}`).join("; "),
    cell: ({ changes }) => (
      <ul className="people-list">
        {changes.map(({ field, before, after, from }) => (
          <li key={`${field} ${from}`}>
            <span className="quiet">{FIELDS[field]}</span> <bdi>{words(before)}</bdi> → <bdi>{words(after)}</bdi>
            {from !== null && <span className="quiet small"> from {formatDay(from)}</span>}
          </li>
        ))}
      </ul>
    ),
  },
];

function words(value: string | null): string {
  if (value === null) return "none";
  return isDay(value) ? formatDay(value) : value;
}
