import { ActionIcon, TextInput } from "@mantine/core";
import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight, ChevronsUpDown, Download, Search } from "lucide-react";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { Link } from "wouter";

import { exact, toNumber } from "../format/index.ts";
import { Empty } from "./empty.tsx";
import { Skeleton } from "./loading.tsx";
import { contentOf, type DataColumn } from "./table-cell.tsx";
import { useIsWide } from "./use-is-wide.ts";

/** The part of a long list that is shown, as the server sorted and cut it. */
export interface PagedRows<Row> {
  readonly rows: readonly Row[];
  /** Rows of the whole list. */
  readonly total: number;
  readonly offset: number;
}

/** What the server is asked for next. */
interface Wanted {
  readonly search: string;
  readonly sort: string;
  readonly desc: boolean;
  readonly offset: number;
}

interface PagedTableProps<Row> extends Wanted {
  readonly label: string;
  /** Undefined while they load. */
  readonly page: PagedRows<Row> | undefined;
  readonly pageSize: number;
  /** Keep it stable. A column is sorted by its `id`, if that is among `sortable`. */
  readonly columns: readonly DataColumn<Row>[];
  readonly sortable: readonly string[];
  readonly rowKey: (row: Row) => string;
  /** Where a row leads, if it leads anywhere. */
  readonly href?: (row: Row) => string | null;
  readonly onChange: (next: Partial<Wanted>) => void;
  /** Address of the whole list as CSV; null where it may not be taken away. */
  readonly csv: string | null;
  readonly find: string;
  readonly empty: ReactNode;
  readonly dimmed?: boolean;
}

/** A list too long to send at once: the server sorts, finds and cuts it. Looks as `DataTable` does. */
export function PagedTable<Row extends object>(props: PagedTableProps<Row>) {
  const { label, page, pageSize, columns, sortable, rowKey, href, onChange, csv, find, empty, dimmed } = props;
  const { search, sort, desc, offset } = props;
  const largest = useMemo(() => largestOf(page?.rows ?? [], columns), [page, columns]);
  const frame = useRef<HTMLDivElement>(null);
  const isWide = useIsWide(frame, page);
  const total = page?.total ?? 0;
  const last = Math.max(0, Math.ceil(total / pageSize) - 1) * pageSize;

  return (
    <div className="data-table-frame" data-dimmed={dimmed || undefined}>
      <div className="data-table-tools no-print">
        <Find label={find} search={search} onSearch={(search) => onChange({ search, offset: 0 })} />
        <span className="small quiet" role="status">
          {page === undefined ? "" : `${exact(total, "count")} ${total === 1 ? "row" : "rows"}`}
        </span>
        {csv !== null && (
          <ActionIcon
            component="a"
            href={csv}
            download
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`Download ${label} as CSV`}
            title="Download as CSV"
          >
            <Download size={15} aria-hidden />
          </ActionIcon>
        )}
      </div>
      {page === undefined ? (
        <Skeleton height={420} />
      ) : page.rows.length === 0 ? (
        search === "" ? (
          empty
        ) : (
          <Empty why={`Nobody here has “${search}” in a name, an address or a team.`} />
        )
      ) : (
        <div
          className="data-table-scroll"
          ref={frame}
          data-wide={isWide || undefined}
          {...(isWide ? { tabIndex: 0, role: "region", "aria-label": `${label}, scrolls sideways` } : {})}
        >
          <table className="data-table" aria-label={label}>
            <thead>
              <tr>
                {columns.map(({ id, title, unit }) => {
                  const by = sort === id ? (desc ? "descending" : "ascending") : undefined;
                  const Icon = by === undefined ? ChevronsUpDown : desc ? ArrowDown : ArrowUp;
                  return (
                    <th key={id} scope="col" aria-sort={by} className={unit === undefined ? undefined : "number"}>
                      {sortable.includes(id) ? (
                        <button
                          type="button"
                          onClick={() =>
                            onChange({ sort: id, desc: by === undefined ? unit !== undefined : !desc, offset: 0 })
                          }
                        >
                          {title}
                          <Icon size={12} aria-hidden className={by === undefined ? "sort-idle" : undefined} />
                        </button>
                      ) : (
                        title
                      )}
                    </th>
                  );
                })}
              </tr>
            </thead>
            <tbody>
              {page.rows.map((row) => {
                const to = href?.(row) ?? null;
                return (
                  <tr key={rowKey(row)}>
                    {columns.map((column, at) => (
                      <td
                        key={column.id}
                        data-title={column.title}
                        className={column.unit === undefined ? undefined : "number"}
                      >
                        {at === 0 && to !== null ? (
                          <Link href={to}>{contentOf(column, row, largest)}</Link>
                        ) : (
                          contentOf(column, row, largest)
                        )}
                      </td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {total > pageSize && (
        <nav className="pager no-print" aria-label={`Pages of ${label}`}>
          <ActionIcon
            variant="default"
            size="md"
            aria-label="Page before"
            disabled={offset === 0}
            onClick={() => onChange({ offset: Math.max(0, offset - pageSize) })}
          >
            <ChevronLeft size={16} aria-hidden />
          </ActionIcon>
          <span>
            {exact(offset + 1, "count")}–{exact(Math.min(total, offset + pageSize), "count")} of {exact(total, "count")}
          </span>
          <ActionIcon
            variant="default"
            size="md"
            aria-label="Next page"
            disabled={offset >= last}
            onClick={() => onChange({ offset: offset + pageSize })}
          >
            <ChevronRight size={16} aria-hidden />
          </ActionIcon>
        </nav>
      )}
    </div>
  );
}

/** Asks once the typing rests: not for every letter. */
function Find({ label, search, onSearch }: { label: string; search: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(search);
  const [asked, setAsked] = useState(search);
  // Changed from elsewhere, by a link or the way back.
  if (asked !== search) {
    setAsked(search);
    setText(search);
  }
  useEffect(() => {
    if (text.trim() === search) return;
    const timer = setTimeout(() => onSearch(text.trim()), 200);
    return () => clearTimeout(timer);
  }, [text, search, onSearch]);
  return (
    <TextInput
      size="xs"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      placeholder={label}
      aria-label={label}
      maxLength={200}
      leftSection={<Search size={14} aria-hidden />}
    />
  );
}

function largestOf<Row>(rows: readonly Row[], columns: readonly DataColumn<Row>[]): ReadonlyMap<string, number> {
  return new Map(
    columns
      .filter(({ bar }) => bar === true)
      .map(({ id, value }) => [id, rows.reduce((most, row) => Math.max(most, toNumber(value(row)) ?? 0), 0)]),
  );
}
