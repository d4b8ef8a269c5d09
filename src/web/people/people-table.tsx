import { SegmentedControl, Select } from "@mantine/core";
import { useMemo } from "react";
import { Link, useSearchParams } from "wouter";

import { addressOf, chosenTenant, useAnswer, type Asked, type Input } from "../client/index.ts";
import { carriedFilters, daysIn, useFilters } from "../filters/index.ts";
import { exact } from "../format/index.ts";
import { Card, Empty, ErrorBox, Notice, PagedTable } from "../ui/index.ts";
import { BAND_NAMES, BANDS, type Band } from "./bands.ts";
import { peopleColumns, SORTABLE, type PeopleSort, type PersonRow } from "./people-columns.tsx";

const PAGE_SIZE = 50;
/** As many as the operation gives at once: the whole list, for the CSV. */
const MOST = 5_000;

type Question = Input<"listPeopleUsage">;
type Who = NonNullable<Question["population"]>;

/** The list as the address describes it. */
export interface UsedPeople {
  readonly who: Who;
  readonly band: Band | null;
  readonly question: Question | null;
  readonly answer: Asked<"listPeopleUsage">;
  readonly set: (next: Readonly<Record<string, string | null>>) => void;
}

/** Who is listed, in which order and from where on: all of it stands in the address. */
export function usePeople(isAsked: boolean): UsedPeople {
  const { common, kind } = useFilters();
  const [params, setParams] = useSearchParams();
  const who = WHO.find((name) => name === params.get("who")) ?? "humans";
  const band = BAND_NAMES.find((name) => name === params.get("band")) ?? null;
  const sort = SORTABLE.find((name) => name === params.get("sort")) ?? (who === "humans" ? "name" : "sessions");
  const offset = Number(/^\d{1,6}$/.exec(params.get("at") ?? "")?.[0] ?? 0);
  const search = (params.get("find") ?? "").slice(0, 200);
  const desc = params.has("order") ? params.get("order") === "desc" : !ALPHABETICAL.includes(sort);
  const question: Question | null =
    isAsked && common !== null
      ? {
          ...daysIn(common),
          ...(common.where === undefined ? {} : { where: [...common.where] }),
          population: who,
          ...kind,
          ...(search === "" ? {} : { search }),
          ...(band === null ? {} : { band }),
          sort,
          order: desc ? "desc" : "asc",
          limit: PAGE_SIZE,
          offset,
        }
      : null;
  const answer = useAnswer("listPeopleUsage", question);
  const set: UsedPeople["set"] = (next) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(next)) {
          if (value === null || value === "") after.delete(name);
          else after.set(name, value);
        }
        return after;
      },
      // What is typed is no step to go back to.
      { replace: "find" in next },
    );
  return { who, band, question, answer, set };
}

const ALPHABETICAL: readonly PeopleSort[] = ["name", "team"];

/** Everybody with their use, sorted and found by the server: services and unmapped keys apart. */
export function PeopleTable({ people }: { people: UsedPeople }) {
  const { who, band, question, answer, set } = people;
  const { filters } = useFilters();
  const { data } = answer;
  const columns = useMemo(
    () => peopleColumns(who === "humans" ? "humans" : "others", filters.kind ?? "estimated"),
    [who, filters.kind],
  );
  // The list became shorter than where it was opened.
  const isBeyond = data !== undefined && data.rows.length === 0 && data.total > 0 && !answer.isPlaceholderData;
  const counts = data?.counts;
  return (
    <Card title={TITLES[who].title} sentence={TITLES[who].says}>
      <div className="people-tools no-print">
        <SegmentedControl
          size="xs"
          aria-label="Who is listed"
          value={who}
          onChange={(next) =>
            set({ who: next === "humans" ? null : next, band: null, at: null, sort: null, order: null })
          }
          data={WHO.map((value) => ({
            value,
            label:
              counts === undefined ? TITLES[value].title : `${TITLES[value].title} ${exact(counts[value], "count")}`,
          }))}
        />
        {who === "humans" && (
          <Select
            size="xs"
            aria-label="Regularity"
            placeholder="Any regularity"
            clearable
            value={band}
            onChange={(next) => set({ band: next, at: null })}
            data={BAND_NAMES.map((value) => ({ value, label: BANDS[value].label }))}
          />
        )}
      </div>
      {who === "unmapped" && (data?.total ?? 0) > 0 && (
        <Notice kind="note">
          These keys have no owner yet, so their use counts for nobody and no team.{" "}
          <Link href="/keys">Say who owns them</Link>
        </Notice>
      )}
      {answer.isError ? (
        <ErrorBox thrown={answer.error} onRetry={() => void answer.refetch()} />
      ) : isBeyond ? (
        <Empty why="This part of the list is empty: it became shorter.">
          <button type="button" className="link-button" onClick={() => set({ at: null })}>
            Go to its beginning
          </button>
        </Empty>
      ) : (
        <PagedTable
          label={TITLES[who].title}
          page={
            data && {
              rows: data.rows,
              total: data.total,
              offset: question?.offset === undefined ? 0 : Number(question.offset),
            }
          }
          pageSize={PAGE_SIZE}
          columns={columns}
          sortable={SORTABLE}
          rowKey={({ person }) => person}
          href={who === "humans" ? hrefOf : () => null}
          find={who === "humans" ? "Find a name, address or team" : "Find a name"}
          search={question?.search ?? ""}
          sort={question?.sort ?? "name"}
          desc={question?.order === "desc"}
          offset={Number(question?.offset ?? 0)}
          onChange={(next) =>
            set({
              ...(next.search === undefined ? {} : { find: next.search }),
              ...(next.sort === undefined ? {} : { sort: next.sort }),
              ...(next.desc === undefined ? {} : { order: next.desc ? "desc" : "asc" }),
              ...(next.offset === undefined ? {} : { at: next.offset === 0 ? null : String(next.offset) }),
            })
          }
          csv={
            question && {
              href: addressOf(
                "listPeopleUsage",
                { ...question, limit: MOST, offset: 0 },
                { format: "csv", tenant: chosenTenant() },
              ),
              most: MOST,
            }
          }
          dimmed={answer.isPlaceholderData}
          empty={
            <Empty why={band === null ? TITLES[who].none : `Nobody here is “${BANDS[band].label}” in this range.`} />
          }
        />
      )}
    </Card>
  );
}

const WHO: readonly Who[] = ["humans", "service", "unmapped"];

const TITLES = {
  humans: {
    title: "People",
    says: "In the order of names until you choose another. Regularity is of the last 28 days.",
    none: "Nobody is known here yet. People come from the sources with their first session, or from a roster.",
  },
  service: {
    title: "Services",
    says: "Keys of programs, as the list of key owners names them. They count for no person and no team.",
    none: "No key is marked as a service's. Key owners say which are.",
  },
  unmapped: {
    title: "Unmapped",
    says: "Keys in use that have no owner yet.",
    none: "Every key in use has an owner.",
  },
} as const satisfies Record<Who, { title: string; says: string; none: string }>;

function hrefOf({ personId, person }: PersonRow): string {
  return `/people/${encodeURIComponent(personId ?? person)}${carriedFilters(globalThis.location.search)}`;
}
