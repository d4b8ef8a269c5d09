import type { ReactNode } from "react";
import { Link, useSearch } from "wouter";

import { useMe, type Output } from "../client/index.ts";
import { carriedFilters, useFilters } from "../filters/index.ts";
import { formatDay, formatRange } from "../format/index.ts";
import { Card, Empty, ErrorBox, Notice } from "../ui/index.ts";

type Frame = Pick<Output<"activeUsers">, "coverage" | "range" | "population">;

/** Who is counted when it is not people: every figure "of people" is of these then. */
const COUNTED: Readonly<Partial<Record<Frame["population"], string>>> = {
  service: "Services are counted here, not people: every key and bot as one.",
  unmapped: "Keys without a known owner are counted here, not people: each as one.",
  all: "People, services and keys without a known owner are counted here together, each as one.",
};

interface Asked {
  readonly data: Frame | undefined;
  readonly isError: boolean;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

/**
 * The rest of a page, unless the answer that all of it is drawn from cannot be given, or is about days that were never
 * read: then why, once. An empty chart would say that nobody did anything.
 */
export function Answered({ answer, children }: { answer: Asked; children: ReactNode }) {
  const { data, isError, error, refetch } = answer;
  const isUnread = data !== undefined && data.coverage.covered + data.coverage.partial === 0;
  const counted = data === undefined ? undefined : COUNTED[data.population];
  return (
    <>
      {counted !== undefined && <Notice kind="note">{counted}</Notice>}
      {isError && <ErrorBox thrown={error} onRetry={() => void refetch()} />}
      {isUnread ? <Unread frame={data} /> : (data !== undefined || !isError) && children}
    </>
  );
}

function Unread({ frame: { coverage, range } }: { frame: Frame }) {
  const { change } = useFilters();
  const { may } = useMe();
  const search = useSearch();
  const { heldFrom } = coverage;
  const connections = <Link href={`/connections${carriedFilters(search)}`}>See the connections</Link>;
  return (
    <Card title="Nothing read yet">
      {heldFrom === null ? (
        <Empty why="No day of Claude Code activity has been read yet. It comes with an Admin key of an organization whose people use Claude Code.">
          {may("credentials") ? <Link href="/connect">Connect a key</Link> : connections}
        </Empty>
      ) : (
        <Empty
          why={`No day of ${formatRange(range.from, range.to)} has been read. The record of Claude Code begins on ${formatDay(heldFrom)}.`}
        >
          <button type="button" className="link-button" onClick={() => change({ range: "last-30" })}>
            Show the last 30 days
          </button>{" "}
          or {connections}
        </Empty>
      )}
    </Card>
  );
}
