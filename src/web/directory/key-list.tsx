import { SegmentedControl } from "@mantine/core";
import { useMemo } from "react";
import { useSearchParams } from "wouter";

import { renameKey, setKeyStatus } from "../changes/actions.ts";
import type { RowAction } from "../changes/row-actions.tsx";
import { actionColumn, type Offering } from "../changes/use-wanted.tsx";
import { useAnswer, type Asked, type Input, type Output } from "../client/index.ts";
import { exact } from "../format/index.ts";
import { Card, Column, Columns, DataTable, Empty, Notice, type DataColumn } from "../ui/index.ts";
import { CareCard, Flags, flagsText, useFlag } from "./flag-list.tsx";
import { NamedCell } from "./named-cell.tsx";
import { HiddenNotice, readLine } from "./read-line.tsx";
import { sentenceCase } from "./words.ts";

type Answer = Output<"listApiKeys">;
type Key = Answer["rows"][number];
type OwnFlag = Answer["flags"][number]["flag"];

/** Every key with its age, owner and last use, and what is odd about it. */
export function KeyList({
  question,
  answer,
  wanting: { isOffered, want },
}: {
  question: Input<"listApiKeys"> | null;
  answer: Asked<"listApiKeys">;
  wanting: Offering;
}) {
  const { data } = answer;
  const [params, setParams] = useSearchParams();
  const [flag] = useFlag<OwnFlag>();
  const statuses = data?.statuses.map(({ status }) => status) ?? [];
  const asked = params.get("show");
  // Keys that are active are what there is to care for.
  const status = asked ?? (statuses.includes("active") ? "active" : "all");
  // Of a list that is too long to be sent whole, what was chosen is asked for by itself.
  const isCut = data !== undefined && data.next !== null;
  const chosen = { status: flag === null ? status : "active", ...(flag !== null && { flag }) };
  const narrowed = useAnswer(
    "listApiKeys",
    isCut && question && chosen.status !== "all" ? { ...question, ...chosen } : null,
  );
  const listed = isCut && chosen.status !== "all" ? narrowed.data : data;
  const rows = useMemo(
    () =>
      listed?.rows.filter((key) =>
        // Flags are counted of active keys.
        flag === null ? status === "all" || key.status === status : key.status === "active" && key.flags.includes(flag),
      ),
    [listed, flag, status],
  );
  const counts = useMemo(() => data?.flags.map(({ flag, keys }) => ({ flag, count: keys })), [data]);
  const isAll = flag === null && status === "all";
  const columns = useMemo(
    () => [
      ...(isAll ? OF_ALL : COLUMNS),
      ...actionColumn<Key>({ isOffered, want }, ({ name }) => `key ${name}`, actionsOf),
    ],
    [isAll, isOffered, want],
  );
  const show = (next: string) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      after.delete("flag");
      after.set("show", next);
      return after;
    });
  const all = data?.statuses.reduce((sum, { keys }) => sum + keys, 0) ?? 0;
  return (
    <Columns>
      <Column span={12}>
        <CareCard title="What wants care" of="active keys" counts={counts} />
      </Column>
      <Column span={12}>
        <Card title="Keys" sentence={readLine(data?.listReadAt)}>
          {data !== undefined && all > 0 && (
            <div className="table-choice no-print">
              <SegmentedControl
                size="xs"
                aria-label="Which keys are listed"
                value={flag === null ? status : ""}
                onChange={show}
                data={[
                  ...data.statuses.map(({ status, keys }) => ({
                    value: status,
                    label: `${sentenceCase(status)} ${exact(keys, "count")}`,
                  })),
                  { value: "all", label: `All ${exact(all, "count")}` },
                ]}
              />
            </div>
          )}
          <HiddenNotice hidden={data?.hidden ?? 0} of={data?.hidden === 1 ? "key" : "keys"} />
          {listed !== undefined && listed.next !== null && (
            <Notice kind="partial">
              The first {exact(listed.rows.length, "count")} of {exact(listed.total, "count")} keys are listed here.
            </Notice>
          )}
          <DataTable
            key={`${flag} ${status}`}
            label="API keys"
            rows={rows}
            columns={columns}
            pageSize={25}
            rowKey={({ keyId }) => keyId}
            sort={{ id: "lastUsed", desc: true }}
            dimmed={answer.isPlaceholderData || narrowed.isPlaceholderData}
            empty={
              all === 0 ? (
                <Empty why="No key was read yet. They come with the first sync of a connection.">
                  <a href="/connections">See the connections</a>
                </Empty>
              ) : (
                <Empty why={(data?.hidden ?? 0) > 0 ? "None of them may be listed for you." : "No key is like this."} />
              )
            }
          />
        </Card>
      </Column>
    </Columns>
  );
}

function actionsOf(key: Key): RowAction[] {
  const isEnded = key.status === "archived" || key.status === "expired";
  return [
    { verb: "Rename…", wanted: renameKey(key) },
    ...(key.status === "active"
      ? [{ verb: "Deactivate…", harmful: true, wanted: setKeyStatus(key, "inactive") } as const]
      : []),
    ...(key.status === "inactive" ? [{ verb: "Activate…", wanted: setKeyStatus(key, "active") }] : []),
    ...(isEnded ? [] : [{ verb: "Archive…", harmful: true, wanted: setKeyStatus(key, "archived") } as const]),
  ];
}

const CREATORS: Readonly<Record<Key["creator"]["kind"], string>> = {
  member: "",
  former_member: "no longer a member",
  service_account: "",
  unknown: "",
};

const STATUS: DataColumn<Key> = { id: "status", title: "Status", value: ({ status }) => sentenceCase(status) };

const EXPIRES: DataColumn<Key> = {
  id: "expiresAt",
  title: "Expires",
  value: ({ expiresAt }) => expiresAt?.slice(0, 10) ?? null,
  reason: () => "Never, as far as the source tells.",
};

const COLUMNS: readonly DataColumn<Key>[] = [
  {
    id: "name",
    title: "Key",
    value: ({ name }) => name,
    cell: ({ name, hint }) => <NamedCell name={name} below={hint} />,
  },
  {
    id: "flags",
    title: "What is odd",
    value: ({ flags }) => flagsText(flags),
    cell: ({ flags }) => <Flags flags={flags} />,
  },
  {
    id: "owner",
    title: "Owner",
    value: ({ owner }) => owner.name,
    cell: ({ owner }) =>
      owner.kind === "unmapped" ? (
        <span className="quiet">nobody yet</span>
      ) : (
        <NamedCell name={owner.name ?? "?"} below={owner.hasLeft ? "has left" : owner.kind} />
      ),
  },
  {
    id: "tokens",
    title: "Tokens",
    unit: "tokens",
    value: ({ tokens }) => tokens,
    reason: () => "not_reported_by_source",
  },
  { id: "lastUsed", title: "Last used", value: ({ lastUsed }) => lastUsed, reason: () => "Not in the last 400 days." },
  {
    id: "ageDays",
    title: "Age, days",
    unit: "count",
    value: ({ ageDays }) => ageDays,
    reason: () => "Not told by the source.",
  },
  {
    id: "workspace",
    title: "Workspace",
    value: ({ workspace, workspaceId }) => workspace ?? (workspaceId === null ? "Default" : workspaceId),
  },
  {
    id: "creator",
    title: "Made by",
    value: ({ creator }) => creator.name ?? creator.email,
    reason: () => "Not told, or not yours to see.",
    cell: ({ creator: { name, email, id, kind } }) => {
      if (kind === "service_account") return <NamedCell name="Service account" below={id} />;
      const isNamed = name !== null || email !== null;
      if (kind === "former_member" && !isNamed) return <NamedCell name="Former member" below={id} />;
      const shown = name ?? email ?? (kind === "unknown" ? null : id);
      return shown === null ? <span className="quiet">—</span> : <NamedCell name={shown} below={CREATORS[kind]} />;
    },
  },
];

/** Of all keys there is more to tell: most that expire have done so. */
const OF_ALL: readonly DataColumn<Key>[] = [...COLUMNS.slice(0, 2), STATUS, ...COLUMNS.slice(2), EXPIRES];
