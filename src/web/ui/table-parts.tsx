import { ActionIcon } from "@mantine/core";
import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight, ChevronsUpDown } from "lucide-react";
import { useRef, type ReactNode } from "react";
import { Link } from "wouter";

import { exact } from "../format/index.ts";
import { contentOf, type DataColumn } from "./table-cell.tsx";
import type { Order } from "./table-order.ts";
import { useIsWide } from "./use-is-wide.ts";

interface TableGridProps<Row> {
  readonly label: string;
  readonly columns: readonly DataColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** The largest figure of each column that shows bars. */
  readonly largest: ReadonlyMap<string, number>;
  readonly order: Order | null;
  readonly isSortable: (column: DataColumn<Row>) => boolean;
  readonly onSort: (column: DataColumn<Row>) => void;
  /** Where a row leads, if it leads anywhere; its first cell becomes the link. */
  readonly href?: ((row: Row) => string | null) | undefined;
  /** Or what a click on its first cell does. */
  readonly onPick?: ((row: Row) => void) | undefined;
  readonly foot?: ReactNode;
  /** Below the table, in the same frame. */
  readonly children?: ReactNode;
}

/** Head, rows and foot, in a frame that scrolls sideways where they are wider than it. */
export function TableGrid<Row>(props: TableGridProps<Row>) {
  const { label, columns, rows, rowKey, largest, order, isSortable, onSort, href, onPick, foot, children } = props;
  const frame = useRef<HTMLDivElement>(null);
  const isWide = useIsWide(frame);

  const firstCell = (row: Row, content: ReactNode) => {
    const to = href?.(row) ?? null;
    if (to !== null) return <Link href={to}>{content}</Link>;
    if (onPick === undefined) return content;
    return (
      <button type="button" className="link-button" onClick={() => onPick(row)}>
        {content}
      </button>
    );
  };

  return (
    <div
      className="data-table-scroll"
      ref={frame}
      data-wide={isWide || undefined}
      {...(isWide ? { tabIndex: 0, role: "region", "aria-label": `${label}, scrolls sideways` } : {})}
    >
      <table className="data-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => {
              const { id, title, unit } = column;
              const by = order?.id === id ? (order.desc ? "descending" : "ascending") : undefined;
              const Icon = by === undefined ? ChevronsUpDown : by === "descending" ? ArrowDown : ArrowUp;
              return (
                <th key={id} scope="col" aria-sort={by} className={unit === undefined ? undefined : "number"}>
                  {title === "" ? (
                    // A column of buttons.
                    <span className="visually-hidden">Change</span>
                  ) : isSortable(column) ? (
                    <button type="button" onClick={() => onSort(column)}>
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
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column, at) => {
                const content = contentOf(column, row, largest);
                return (
                  <td
                    key={column.id}
                    data-title={column.title}
                    className={column.unit === undefined ? undefined : "number"}
                  >
                    {at === 0 ? firstCell(row, content) : content}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
        {foot}
      </table>
      {children}
    </div>
  );
}

interface PagerProps {
  readonly label: string;
  /** Of the first row that is shown. */
  readonly offset: number;
  readonly pageSize: number;
  readonly total: number;
  readonly onOffset: (offset: number) => void;
}

/** The way through a list that is longer than a page; nothing for a shorter one. */
export function Pager({ label, offset, pageSize, total, onOffset }: PagerProps) {
  if (total <= pageSize) return null;
  return (
    <nav className="pager no-print" aria-label={`Pages of ${label}`}>
      <ActionIcon
        variant="default"
        size="md"
        aria-label="Page before"
        disabled={offset === 0}
        onClick={() => onOffset(Math.max(0, offset - pageSize))}
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
        disabled={offset + pageSize >= total}
        onClick={() => onOffset(offset + pageSize)}
      >
        <ChevronRight size={16} aria-hidden />
      </ActionIcon>
    </nav>
  );
}
