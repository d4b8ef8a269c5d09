import { Button } from "@mantine/core";
import { Plus } from "lucide-react";
import { useMemo } from "react";
import { useSearchParams } from "wouter";

import { archiveWorkspace, createWorkspace, updateWorkspace } from "../changes/actions.ts";
import type { RowAction } from "../changes/row-actions.tsx";
import { actionColumn, useWanted } from "../changes/use-wanted.tsx";
import { seriesOf } from "../directory/top-series.ts";
import { CareCard, Flags, flagsText, useFlag } from "../directory/flag-list.tsx";
import type { Flag } from "../directory/flags.ts";
import { NamedCell } from "../directory/named-cell.tsx";
import { readLine } from "../directory/read-line.tsx";
import { useAnswer, type Output } from "../client/index.ts";
import { linkTo, daysIn, useFilters } from "../filters/index.ts";
import { formatDay } from "../format/index.ts";
import {
  Card,
  ChartCard,
  Column,
  Columns,
  DataTable,
  Empty,
  ErrorBox,
  Foot,
  Headline,
  HeadlineRow,
  Page,
  stateOf,
  type DataColumn,
} from "../ui/index.ts";

type Answer = Output<"listWorkspaces">;
type Workspace = Answer["rows"][number];
type OwnFlag = Workspace["flags"][number];

const NO_NARROWINGS = [] as const;
const OWN_FLAGS = ["archived_with_active_keys", "never_used", "unused_90_days"] as const;

/** Which workspaces there are, what each costs, and which nobody uses. */
export function Workspaces() {
  const { common, previous, kind, days } = useFilters(NO_NARROWINGS);
  const answer = useAnswer("listWorkspaces", common && { ...daysIn(common), ...kind });
  const before = useAnswer("listWorkspaces", previous && { ...daysIn(previous), ...kind });
  const [flag] = useFlag<OwnFlag>();
  const [params] = useSearchParams();
  const { isOffered, want, dialog } = useWanted();
  const { data } = answer;
  const dimmed = answer.isPlaceholderData;

  const rows = useMemo(() => data?.rows.filter(({ flags }) => flag === null || flags.includes(flag)), [data, flag]);
  const organizations = new Set(data?.rows.map(({ organizationId }) => organizationId)).size;
  const columns = useMemo(
    () => [
      ...columnsOf(data, organizations > 1, flag),
      ...actionColumn<Workspace>({ isOffered, want }, ({ name }) => `workspace ${name}`, actionsOf),
    ],
    [data, organizations, flag, isOffered, want],
  );
  const counts = useMemo(
    () =>
      data &&
      OWN_FLAGS.map((one) => ({ flag: one, count: data.rows.filter(({ flags }) => flags.includes(one)).length })),
    [data],
  );
  const state = data && stateOf(data);
  const compared = previous === null ? undefined : before.data;
  return (
    <Page
      title="Workspaces"
      sentence="Which workspaces there are, what each of them costs, and which nobody uses."
      filters={{ narrowings: NO_NARROWINGS, kind: true, population: false }}
      actions={
        isOffered && (
          <Button size="xs" leftSection={<Plus size={14} aria-hidden />} onClick={() => want(createWorkspace())}>
            Create a workspace
          </Button>
        )
      }
      foot={<Foot answers={[data && { ...data, metric: "cost", source: ["cost_report", "usage_by_key"] }]} />}
    >
      {answer.isError && <ErrorBox thrown={answer.error} onRetry={() => void answer.refetch()} />}
      {!answer.isError && (
        <>
          <HeadlineRow>
            <Headline
              label="Spend"
              note={data?.kind}
              unit="usd"
              value={data?.total.cost}
              reason={data?.total.reason ?? undefined}
              previous={compared?.total.cost}
              state={state}
              dimmed={dimmed}
            />
            <Headline
              label="Tokens"
              note="Messages API"
              unit="tokens"
              value={data?.total.tokens}
              previous={compared?.total.tokens}
              dimmed={dimmed}
            />
            <Headline
              label="Workspaces"
              note="not archived"
              unit="count"
              value={data?.rows.filter(({ archivedAt }) => archivedAt === null).length}
            />
            <Headline
              label="Active keys"
              unit="count"
              value={data?.rows.reduce((sum, { activeKeys }) => sum + activeKeys, 0)}
            />
          </HeadlineRow>
          <Columns>
            <Column span={7}>
              <ChartCard
                title="Spend by workspace"
                chart={data && { kind: "bars", data: { unit: "usd", bars: seriesOf(data, compared) } }}
                metrics={["cost"]}
                dimmed={dimmed}
              />
            </Column>
            <Column span={5}>
              <CareCard title="What wants care" of="workspaces" counts={counts} />
            </Column>
            <Column span={12}>
              <Card title="Workspaces" sentence={readLine(data?.listReadAt)}>
                <DataTable
                  key={params.get("flag") ?? ""}
                  label="Workspaces"
                  rows={rows}
                  columns={columns}
                  rowKey={({ organizationId, workspaceId }) => `${organizationId} ${workspaceId}`}
                  sort={{ id: "cost", desc: true }}
                  href={({ workspaceId }) =>
                    linkTo({
                      page: "/spend",
                      filters: { ...days, where: [{ dimension: "workspace", value: workspaceId }] },
                    })
                  }
                  dimmed={dimmed}
                  empty={
                    flag === null ? (
                      <Empty why="No workspace was read yet. They come with the first sync of a connection.">
                        <a href="/connections">See the connections</a>
                      </Empty>
                    ) : (
                      <Empty why="No workspace is like this." />
                    )
                  }
                />
              </Card>
            </Column>
          </Columns>
        </>
      )}
      {dialog}
    </Page>
  );
}

/** Members and limits stand on a page of their own; the default workspace has neither. */
function actionsOf({ id, name, organizationId, isDefault, isListed, archivedAt }: Workspace): RowAction[] {
  if (id === null || isDefault || !isListed) return [];
  const place = { workspaceId: id, organizationId, name };
  return [
    { verb: "Members and limits", href: `/workspaces/${encodeURIComponent(id)}` },
    ...(archivedAt !== null
      ? []
      : [
          { verb: "Change…", wanted: updateWorkspace(place) },
          { verb: "Archive…", harmful: true, wanted: archiveWorkspace(place) } as const,
        ]),
  ];
}

function placeOf({ isDefault, isListed, archivedAt, id }: Workspace): string | null {
  if (isDefault) return "default workspace";
  if (!isListed) return "not listed any more";
  return archivedAt === null ? id : `archived ${formatDay(archivedAt.slice(0, 10))}`;
}

function columnsOf(data: Answer | undefined, hasMany: boolean, flag: Flag | null): DataColumn<Workspace>[] {
  // A total of everything below a list of some would not add up.
  const total = flag === null ? data?.total : undefined;
  return [
    {
      id: "name",
      title: "Workspace",
      value: ({ name }) => name,
      cell: (row) => <NamedCell name={row.name} below={placeOf(row)} />,
    },
    ...(hasMany
      ? [{ id: "organization", title: "Organization", value: ({ organizationId }: Workspace) => organizationId }]
      : []),
    {
      id: "cost",
      title: `Spend, ${data?.kind ?? "net"}`,
      unit: "usd",
      bar: true,
      value: ({ cost }) => cost,
      reason: ({ reason }) => reason ?? undefined,
      ...(total === undefined ? {} : { total: total.cost }),
    },
    {
      id: "tokens",
      title: "Tokens",
      unit: "tokens",
      value: ({ tokens }) => tokens,
      ...(total === undefined ? {} : { total: total.tokens }),
    },
    {
      id: "members",
      title: "Members",
      unit: "count",
      value: ({ members }) => members,
      reason: () => "Everybody of the organization: Anthropic keeps no list for the default workspace.",
    },
    { id: "activeKeys", title: "Active keys", unit: "count", value: ({ activeKeys }) => activeKeys },
    { id: "keys", title: "All keys", unit: "count", value: ({ keys }) => keys },
    {
      id: "lastUsed",
      title: "Last used",
      value: ({ lastUsed }) => lastUsed,
      reason: () => "Not in the last 400 days.",
    },
    {
      id: "createdAt",
      title: "Created",
      value: ({ createdAt }) => createdAt?.slice(0, 10) ?? null,
      reason: () => "Not told by the source.",
    },
    {
      id: "flags",
      title: "What is odd",
      value: ({ flags }) => flagsText(flags),
      cell: ({ flags }) => <Flags flags={flags} />,
    },
  ];
}
