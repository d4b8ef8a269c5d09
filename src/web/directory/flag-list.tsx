import { useSearchParams } from "wouter";

import { exact } from "../format/index.ts";
import { Card, Empty, Skeleton } from "../ui/index.ts";
import { byUrgency, FLAG_ORDER, FLAGS, type Flag } from "./flags.ts";
import "./directory.css";

/** What is odd about one row. */
export function Flags({ flags }: { flags: readonly Flag[] }) {
  if (flags.length === 0)
    return (
      <span className="quiet">
        <span aria-hidden>—</span>
        <span className="visually-hidden">Nothing odd</span>
      </span>
    );
  return (
    <span className="flags">
      {byUrgency(flags).map((flag) => (
        <span key={flag} className="flag" data-tone={FLAGS[flag].tone} title={FLAGS[flag].says}>
          {FLAGS[flag].label}
        </span>
      ))}
    </span>
  );
}

/** What is odd about all of them, in one cell of a CSV. */
export function flagsText(flags: readonly Flag[]): string | null {
  return flags.length === 0
    ? null
    : byUrgency(flags)
        .map((flag) => FLAGS[flag].label)
        .join(", ");
}

/** The flag that the list is narrowed to, in the address. */
export function useFlag<Own extends Flag = Flag>(): [Own | null, (flag: Own | null) => void] {
  const [params, setParams] = useSearchParams();
  const flag = FLAG_ORDER.find((name) => name === params.get("flag")) ?? null;
  const set = (next: Own | null) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (next === null) after.delete("flag");
      else after.set("flag", next);
      return after;
    });
  // A flag of another list finds nothing here, which the list then says.
  return [flag as Own | null, set];
}

/** What wants care, with how many; a click lists just those. */
export function CareCard({
  title,
  of,
  counts,
}: {
  title: string;
  /** What is counted, in the plural. */
  of: string;
  /** Undefined while they load. */
  counts: readonly { readonly flag: Flag; readonly count: number }[] | undefined;
}) {
  const [chosen, choose] = useFlag();
  const found = counts?.filter(({ count }) => count > 0);
  const order = new Map<Flag, number>(FLAG_ORDER.map((flag, at) => [flag, at]));
  return (
    <Card title={title} sentence={`Choose one to list just those ${of}.`}>
      {found === undefined ? (
        <Skeleton height={160} />
      ) : found.length === 0 ? (
        <Empty why={`Nothing is odd about the ${of}.`} />
      ) : (
        <ul className="care">
          {found
            .toSorted((a, b) => (order.get(a.flag) ?? 0) - (order.get(b.flag) ?? 0))
            .map(({ flag, count }) => (
              <li key={flag}>
                <button
                  type="button"
                  aria-pressed={chosen === flag}
                  onClick={() => choose(chosen === flag ? null : flag)}
                >
                  <span className="care-count">{exact(count, "count")}</span>
                  <span>
                    <span className="flag" data-tone={FLAGS[flag].tone}>
                      {FLAGS[flag].label}
                    </span>
                    <span className="care-says">{FLAGS[flag].says}</span>
                  </span>
                </button>
              </li>
            ))}
        </ul>
      )}
    </Card>
  );
}
