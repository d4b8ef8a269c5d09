import { ActionIcon, TextInput } from "@mantine/core";
import {
  createPaginatedRowModel,
  createSortedRowModel,
  rowPaginationFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
} from "@tanstack/react-table";
import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight, ChevronsUpDown, Download, Search } from "lucide-react";
import { useMemo, useRef, useState, type ReactNode } from "react";
import { Link } from "wouter";

import { exact, toNumber } from "../format/index.ts";
import { download } from "./csv.ts";
import { Empty } from "./empty.tsx";
import { ErrorBox } from "./error-box.tsx";
import { Skeleton } from "./loading.tsx";
import { contentOf, type DataColumn } from "./table-cell.tsx";
import { useIsWide } from "./use-is-wide.ts";

interface DataTableProps<Row> {
  /** What the table lists, for screen readers and the file name of its CSV. */
  readonly label: string;
  /** Undefined while they load. */
  readonly rows: readonly Row[] | undefined;
  /** Keep it stable: outside the component, or in a memo. */
  readonly columns: readonly DataColumn<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly sort?: { readonly id: string; readonly desc: boolean };
  /** Where a row leads; its first cell becomes the link. */
  readonly href?: (row: Row) => string;
  /** Or what a click on its first cell does. */
  readonly onPick?: (row: Row) => void;
  readonly empty?: ReactNode;
  /** Why there are no rows and will be none. */
  readonly problem?: unknown;
  readonly onRetry?: (() => void) | undefined;
  readonly dimmed?: boolean;
  readonly pageSize?: number;
}

const features = tableFeatures({
  rowSortingFeature,
  rowPaginationFeature,
  sortedRowModel: createSortedRowModel(),
  paginatedRowModel: createPaginatedRowModel(),
});

/** A list with figures: sorted by any column, found by a word, in pages, with its CSV; cards on narrow screens. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowKey, sort, href, onPick, empty, dimmed, pageSize = 50 } = props;
  const [wanted, setWanted] = useState("");
  const found = useMemo(() => matching(rows ?? [], columns, wanted), [rows, columns, wanted]);
  const largest = useMemo(() => largestOf(rows ?? [], columns), [rows, columns]);
  const definitions = useMemo(
    () =>
      columns.map(({ id, value, unit }): ColumnDef<typeof features, Row> => ({
        id,
        accessorFn: (row) => {
          const found = value(row);
          return found === null ? undefined : unit === undefined ? String(found).toLocaleLowerCase() : toNumber(found);
        },
        sortUndefined: "last",
        sortDescFirst: unit !== undefined,
        sortFn: (a, b, column) => compare(a.getValue(column), b.getValue(column)),
      })),
    [columns],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: found,
    initialState: {
      pagination: { pageIndex: 0, pageSize },
      sorting: sort === undefined ? [] : [{ id: sort.id, desc: sort.desc }],
    },
    getRowId: rowKey,
    enableSortingRemoval: false,
  });

  const frame = useRef<HTMLDivElement>(null);
  const isWide = useIsWide(frame, rows);

  if (props.problem != null && rows === undefined) return <ErrorBox thrown={props.problem} onRetry={props.onRetry} />;
  if (rows === undefined) return <Skeleton height={240} />;
  if (rows.length === 0) return empty ?? <Empty why="There is nothing to list." />;

  const { pageIndex } = table.state.pagination;
  const sorting = table.state.sorting[0];
  const isLong = rows.length > pageSize || rows.length > 12;
  const totals = columns.some(({ total }) => total !== undefined);
  // A column without a title holds buttons.
  const told = columns.filter(({ title }) => title !== "");
  const csv = () =>
    download(
      {
        columns: told.map(({ title, unit }) => ({ label: title, ...(unit === undefined ? {} : { unit }) })),
        rows: table.getPrePaginatedRowModel().rows.map(({ original }) => told.map(({ value }) => value(original))),
      },
      label,
    );

  return (
    <div className="data-table-frame" data-dimmed={dimmed || undefined}>
      <div className="data-table-tools no-print">
        {isLong && (
          <TextInput
            size="xs"
            value={wanted}
            onChange={(event) => {
              setWanted(event.currentTarget.value);
              table.setPageIndex(0);
            }}
            placeholder="Find in the table"
            aria-label={`Find in ${label}`}
            leftSection={<Search size={14} aria-hidden />}
          />
        )}
        <span className="small quiet" role="status">
          {wanted === ""
            ? `${exact(rows.length, "count")} ${rows.length === 1 ? "row" : "rows"}`
            : `${exact(found.length, "count")} of ${exact(rows.length, "count")}`}
        </span>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={`Download ${label} as CSV`}
          title="Download as CSV"
          onClick={csv}
        >
          <Download size={15} aria-hidden />
        </ActionIcon>
      </div>
      <div
        className="data-table-scroll"
        ref={frame}
        data-wide={isWide || undefined}
        {...(isWide ? { tabIndex: 0, role: "region", "aria-label": `${label}, scrolls sideways` } : {})}
      >
        <table className="data-table" aria-label={label}>
          <thead>
            <tr>
              {columns.map(({ id, title, unit, spark }) => {
                const by = sorting?.id === id ? (sorting.desc ? "descending" : "ascending") : undefined;
                return (
                  <th key={id} scope="col" aria-sort={by} className={unit === undefined ? undefined : "number"}>
                    {title === "" ? (
                      <span className="visually-hidden">Change</span>
                    ) : spark !== undefined ? (
                      title
                    ) : (
                      <button type="button" onClick={() => table.getColumn(id)?.toggleSorting()}>
                        {title}
                        {by === undefined ? (
                          <ChevronsUpDown size={12} aria-hidden className="sort-idle" />
                        ) : by === "descending" ? (
                          <ArrowDown size={12} aria-hidden />
                        ) : (
                          <ArrowUp size={12} aria-hidden />
                        )}
                      </button>
                    )}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {table.getRowModel().rows.map(({ id, original }) => (
              <tr key={id}>
                {columns.map((column, at) => (
                  <td
                    key={column.id}
                    data-title={column.title}
                    className={column.unit === undefined ? undefined : "number"}
                  >
                    {at === 0 && (href !== undefined || onPick !== undefined) ? (
                      href !== undefined ? (
                        <Link href={href(original)}>{contentOf(column, original, largest)}</Link>
                      ) : (
                        <button type="button" className="link-button" onClick={() => onPick?.(original)}>
                          {contentOf(column, original, largest)}
                        </button>
                      )
                    ) : (
                      contentOf(column, original, largest)
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          {totals && wanted === "" && (
            <tfoot>
              <tr>
                {columns.map(({ id, title, unit, total }, at) => (
                  <td
                    key={id}
                    data-title={at === 0 ? undefined : title}
                    className={unit === undefined ? undefined : "number"}
                  >
                    {at === 0 && total === undefined
                      ? "Total"
                      : total === undefined
                        ? ""
                        : exact(total, unit ?? "count")}
                  </td>
                ))}
              </tr>
            </tfoot>
          )}
        </table>
        {found.length === 0 && <Empty why={`Nothing here has “${wanted}” in it.`} />}
      </div>
      {table.getPageCount() > 1 && (
        <nav className="pager no-print" aria-label={`Pages of ${label}`}>
          <ActionIcon
            variant="default"
            size="md"
            aria-label="Page before"
            disabled={!table.getCanPreviousPage()}
            onClick={() => table.previousPage()}
          >
            <ChevronLeft size={16} aria-hidden />
          </ActionIcon>
          <span>
            {exact(pageIndex * pageSize + 1, "count")}–
            {exact(Math.min(found.length, (pageIndex + 1) * pageSize), "count")} of {exact(found.length, "count")}
          </span>
          <ActionIcon
            variant="default"
            size="md"
            aria-label="Next page"
            disabled={!table.getCanNextPage()}
            onClick={() => table.nextPage()}
          >
            <ChevronRight size={16} aria-hidden />
          </ActionIcon>
        </nav>
      )}
    </div>
  );
}

function matching<Row>(rows: readonly Row[], columns: readonly DataColumn<Row>[], wanted: string): readonly Row[] {
  const word = wanted.trim().toLocaleLowerCase();
  if (word === "") return rows;
  return rows.filter((row) =>
    columns.some(
      ({ unit, value }) =>
        unit === undefined &&
        String(value(row) ?? "")
          .toLocaleLowerCase()
          .includes(word),
    ),
  );
}

function largestOf<Row>(rows: readonly Row[], columns: readonly DataColumn<Row>[]): ReadonlyMap<string, number> {
  return new Map(
    columns
      .filter(({ bar }) => bar === true)
      .map(({ id, value }) => [id, rows.reduce((most, row) => Math.max(most, toNumber(value(row)) ?? 0), 0)]),
  );
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
