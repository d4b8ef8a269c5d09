import { Link } from "wouter";

import type { Output } from "../client/index.ts";
import { linkTo } from "../filters/index.ts";
import { exact, formatRange, inSentence, labelOf } from "../format/index.ts";
import { Card, Empty, Skeleton } from "../ui/index.ts";
import { signed } from "./signed.ts";
import { dimensionWord } from "./spend-table.tsx";

type Since = Output<"overview">["sinceLastWeek"];

/** The largest causes of the last week's change, in money. */
export function WhatChanged({ since, failed }: { since: Since | undefined; failed: boolean }) {
  return (
    <Card
      title="What changed"
      sentence={
        since?.current == null || since.previous === null
          ? "The last seven days against the seven before."
          : `Spend of ${formatRange(since.current.from, since.current.to)} against the week before.`
      }
    >
      {since === undefined ? (
        failed ? (
          <Empty why="There is no comparison." />
        ) : (
          <Skeleton height={240} />
        )
      ) : since.differenceUsd === null || since.causes.length === 0 ? (
        <Empty why={wordOf(since.notComparable)} />
      ) : (
        <Causes since={since} difference={since.differenceUsd} />
      )}
    </Card>
  );
}

function Causes({ since, difference }: { since: Since; difference: string }) {
  const { causes, leftOut, current } = since;
  return (
    <>
      <p className="big-figure" title={exact(difference, "usd")}>
        {signed(difference)} <span className="quiet">in all</span>
      </p>
      <ul className="change-list">
        {causes.map(({ dimension, key, differenceUsd, currentUsd, previousUsd, isNew, isGone }) => (
          <li key={`${dimension} ${key}`} title={`${exact(previousUsd, "usd")} → ${exact(currentUsd, "usd")}`}>
            <span>
              <Link
                href={linkTo({ page: "/spend", filters: { ...current, where: [{ dimension, value: key }] } })}
                className="change-name"
              >
                <bdi>{labelOf(String(key), dimension)}</bdi>
              </Link>{" "}
              <span className="quiet small">{inSentence(dimensionWord(dimension))}</span>
            </span>
            <span className="number">
              {isNew ? <span className="quiet">new </span> : isGone ? <span className="quiet">gone </span> : null}
              {signed(differenceUsd)}
            </span>
          </li>
        ))}
      </ul>
      <p className="small quiet">
        The same dollar is in several lines: they do not add up to the whole.
        {leftOut.length > 0 && " Teams and terminals are not looked at in a record this large."}
      </p>
    </>
  );
}

function wordOf(notComparable: string | null): string {
  if (notComparable === null) return "Nothing moved.";
  return "There is no whole week before this one to compare with yet.";
}
