import { SegmentedControl } from "@mantine/core";
import { useMemo, useState } from "react";
import { Link, useSearchParams } from "wouter";

import { useMe, type Asked, type Output } from "../client/index.ts";
import { carriedFilters } from "../filters/index.ts";
import { exact, formatDay, labelOf } from "../format/index.ts";
import { Card, DataTable, deferred, Empty, ErrorBox, Pill, type DataColumn } from "../ui/index.ts";
import { stateLabel, STATE_NAMES, STATES } from "./states.ts";

type People = Output<"licencePeople">;
export type LicencePerson = People["people"][number];

const ExceptionDialog = deferred(async () => (await import("./exception-dialog.tsx")).ExceptionDialog);

const LISTS = {
  reclaimable: { label: "Reclaimable", none: "No licence could be taken back." },
  protected: { label: "Protected", none: "No licence is protected." },
  all: { label: "All", none: "Nobody is listed who could use Claude Code. Load a roster, or sync the members." },
} as const;

type List = keyof typeof LISTS;
const LIST_NAMES = Object.keys(LISTS) as List[];

/** Which people are listed: part of the address, so that a list can be sent to somebody. */
export function useLicenceList() {
  const [params, setParams] = useSearchParams();
  const state = STATE_NAMES.find((name) => name === params.get("state")) ?? null;
  const list = LIST_NAMES.find((name) => name === params.get("list")) ?? (state === null ? "reclaimable" : "all");
  const choose = (next: { list: List } | { state: string | null }) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      after.delete("list");
      after.delete("state");
      if ("list" in next) after.set("list", next.list);
      else if (next.state !== null) after.set("state", next.state);
      return after;
    });
  return { list, state, choose };
}

/** Who holds a licence, when they last used it, and whether it could be taken back. */
export function LicenceTable({ people }: { people: Asked<"licencePeople"> }) {
  const { list, state, choose } = useLicenceList();
  const { may } = useMe();
  const [editing, setEditing] = useState<LicencePerson | null>(null);
  const { data } = people;
  const rows = useMemo(
    () =>
      data?.people.filter((one) =>
        state !== null
          ? one.state === state
          : list === "all" || (list === "reclaimable" ? one.reclaimable : one.protected !== null),
      ),
    [data, list, state],
  );
  const mayProtect = may("roster");
  const columns = useMemo(() => columnsOf(data, mayProtect ? setEditing : null), [data, mayProtect]);
  const counted = (name: List) =>
    data?.people.filter((one) => name === "all" || (name === "protected" ? one.protected !== null : one.reclaimable))
      .length;
  return (
    <Card title="Who" sentence="By name. A licence that is protected is never called reclaimable.">
      <div className="people-tools no-print">
        <SegmentedControl
          size="xs"
          aria-label="Which licences"
          value={state === null ? list : ""}
          onChange={(next) => choose({ list: next as List })}
          data={LIST_NAMES.map((value) => {
            const count = counted(value);
            return {
              value,
              label: count === undefined ? LISTS[value].label : `${LISTS[value].label} ${exact(count, "count")}`,
            };
          })}
        />
        {state !== null && (
          <span>
            <Pill>{STATES[state].label}</Pill>{" "}
            <button type="button" className="link-button" onClick={() => choose({ list: "all" })}>
              Show all
            </button>
          </span>
        )}
      </div>
      {people.isError ? (
        <ErrorBox thrown={people.error} onRetry={() => void people.refetch()} />
      ) : (
        <DataTable
          key={state ?? list}
          label="Licences"
          rows={rows}
          columns={columns}
          rowKey={({ person }) => person}
          sort={{ id: "name", desc: false }}
          dimmed={people.isPlaceholderData}
          empty={<Empty why={state === null ? LISTS[list].none : `Nobody is “${STATES[state].label}”.`} />}
        />
      )}
      {editing !== null && <ExceptionDialog person={editing} onClose={() => setEditing(null)} />}
    </Card>
  );
}

function columnsOf(
  people: People | undefined,
  protect: ((person: LicencePerson) => void) | null,
): DataColumn<LicencePerson>[] {
  const priced = people?.people.some(({ savingPerMonth }) => savingPerMonth !== null) ?? false;
  return [
    {
      id: "name",
      title: "Person",
      value: ({ name }) => name,
      cell: ({ name, person, personId }) => (
        <Link
          className="person-name"
          href={`/people/${encodeURIComponent(personId ?? person)}${carriedFilters(globalThis.location.search)}`}
        >
          <bdi title={name}>{name}</bdi>
          {name !== person && <span className="small quiet">{person}</span>}
        </Link>
      ),
    },
    { id: "team", title: "Team", value: ({ team }) => labelOf(String(team), "team") },
    {
      id: "state",
      title: "State",
      value: ({ state }) => stateLabel(state),
      cell: ({ state, reclaimable }) => (
        <span title={STATES[state].says}>
          <Pill {...(reclaimable ? { tone: "attention" } : {})}>{STATES[state].label}</Pill>
        </span>
      ),
    },
    {
      id: "lastActive",
      title: "Last active",
      unit: "count",
      value: ({ daysSince }) => daysSince,
      reason: () => "Never, as far as the record reaches back.",
      cell: ({ lastActive, daysSince }) => (
        <span className="people-two-lines">
          <span>{lastActive === null ? "never" : formatDay(lastActive)}</span>
          {daysSince !== null && daysSince > 0 && (
            <span className="small quiet">
              {daysSince} {daysSince === 1 ? "day" : "days"} before
            </span>
          )}
        </span>
      ),
    },
    {
      id: "eligibleSince",
      title: "Licence since",
      unit: "count",
      value: ({ eligibleSince }) => eligibleSince,
      cell: ({ eligibleSince }) =>
        eligibleSince === null ? <span className="quiet">not known</span> : formatDay(eligibleSince),
    },
    ...(priced
      ? [
          {
            id: "saving",
            title: "Saves a month",
            unit: "usd",
            value: ({ savingPerMonth }: LicencePerson) => savingPerMonth,
            reason: () => "Not reclaimable: nothing is saved.",
          } satisfies DataColumn<LicencePerson>,
        ]
      : []),
    {
      id: "protected",
      title: "Protection",
      value: (row) => row.protected?.reason ?? null,
      cell: (row) => (
        <span className="licence-protection">
          {row.protected !== null && (
            <span>
              <bdi>{row.protected.reason}</bdi>
              <span className="quiet small">
                {row.protected.until === null ? " for good" : ` until ${formatDay(row.protected.until)}`}
              </span>
            </span>
          )}
          {protect !== null && (
            <button
              type="button"
              className="link-button"
              aria-label={`${row.protected === null ? "Protect" : "Change the protection of"} ${row.name}`}
              onClick={() => protect(row)}
            >
              {row.protected === null ? "Protect" : "Change"}
            </button>
          )}
        </span>
      ),
    },
  ];
}
