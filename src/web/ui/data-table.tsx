import { ActionIcon, TextInput } from "@mantine/core";
import { Download, Search } from "lucide-react";
import { useMemo, useState, type ReactNode } from "react";

import { exact } from "../format/index.ts";
import { download } from "./csv.ts";
import { Empty } from "./empty.tsx";
import { ErrorBox } from "./error-box.tsx";
import { Skeleton } from "./loading.tsx";
import type { DataColumn } from "./table-cell.tsx";
import { inOrder, largestOf, matching, orderAfter, type Order } from "./table-order.ts";
import { Pager, TableGrid } from "./table-parts.tsx";

interface DataTableProps<Row> {
  /** What the table lists, for screen readers and the file name of its CSV. */
  readonly label: string;
  /** Undefined while they load. */
  readonly rows: readonly Row[] | undefined;
  /** Keep it stable: outside the component, or in a memo. */
  readonly columns: readonly DataColumn<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly sort?: Order;
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

/** A list with figures: sorted by any column, found by a word, in pages, with its CSV; cards on narrow screens. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowKey, sort, href, onPick, empty, dimmed, pageSize = 50 } = props;
  const [wanted, setWanted] = useState("");
  const [order, setOrder] = useState<Order | null>(sort ?? null);
  const [offset, setOffset] = useState(0);
  const found = useMemo(
    () => inOrder(matching(rows ?? [], columns, wanted), columns, order),
    [rows, columns, wanted, order],
  );
  const largest = useMemo(() => largestOf(rows ?? [], columns), [rows, columns]);

  if (props.problem != null && rows === undefined) return <ErrorBox thrown={props.problem} onRetry={props.onRetry} />;
  if (rows === undefined) return <Skeleton height={240} />;
  if (rows.length === 0) return empty ?? <Empty why="There is nothing to list." />;

  // The list may have become shorter since this page of it was opened.
  const first = offset < found.length ? offset : 0;
  const isLong = rows.length > pageSize || rows.length > 12;
  const totals = columns.some(({ total }) => total !== undefined);
  const csv = () => {
    const told = columns.filter(({ title }) => title !== "");
    const heads = told.map(({ title, unit }) => ({ label: title, ...(unit === undefined ? {} : { unit }) }));
    download({ columns: heads, rows: found.map((row) => told.map(({ value }) => value(row))) }, label);
  };

  return (
    <div className="data-table-frame" data-dimmed={dimmed || undefined}>
      <div className="data-table-tools no-print">
        {isLong && (
          <TextInput
            size="xs"
            value={wanted}
            onChange={(event) => {
              setWanted(event.currentTarget.value);
              setOffset(0);
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
      <TableGrid
        label={label}
        columns={columns}
        rows={found.slice(first, first + pageSize)}
        rowKey={rowKey}
        largest={largest}
        order={order}
        isSortable={({ spark }) => spark === undefined}
        onSort={(column) => {
          setOrder((was) => orderAfter(column, was));
          setOffset(0);
        }}
        href={href}
        onPick={onPick}
        foot={totals && wanted === "" && <Totals columns={columns} />}
      >
        {found.length === 0 && <Empty why={`Nothing here has “${wanted}” in it.`} />}
      </TableGrid>
      <Pager label={label} offset={first} pageSize={pageSize} total={found.length} onOffset={setOffset} />
    </div>
  );
}

function Totals<Row>({ columns }: { columns: readonly DataColumn<Row>[] }) {
  return (
    <tfoot>
      <tr>
        {columns.map(({ id, title, unit, total, totalCell }, at) => (
          <td key={id} data-title={at === 0 ? undefined : title} className={unit === undefined ? undefined : "number"}>
            {totalCell ?? (total !== undefined ? exact(total, unit ?? "count") : at === 0 ? "Total" : "")}
          </td>
        ))}
      </tr>
    </tfoot>
  );
}
