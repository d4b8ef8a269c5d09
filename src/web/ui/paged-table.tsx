import { ActionIcon, TextInput } from "@mantine/core";
import { Download, Search } from "lucide-react";
import { useEffect, useMemo, useState, type ReactNode } from "react";

import { exact } from "../format/index.ts";
import { Empty } from "./empty.tsx";
import { Skeleton } from "./loading.tsx";
import type { DataColumn } from "./table-cell.tsx";
import { largestOf, orderAfter } from "./table-order.ts";
import { Pager, TableGrid } from "./table-parts.tsx";

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
  /** Address of the list as CSV, and how many rows that gives; null where it may not be taken away. */
  readonly csv: { readonly href: string; readonly most: number } | null;
  readonly find: string;
  readonly empty: ReactNode;
  readonly dimmed?: boolean;
}

/** A list too long to send at once: the server sorts, finds and cuts it. Looks as `DataTable` does. */
export function PagedTable<Row extends object>(props: PagedTableProps<Row>) {
  const { label, page, pageSize, columns, sortable, rowKey, href, onChange, csv, find, empty, dimmed } = props;
  const { search, sort, desc, offset } = props;
  const largest = useMemo(() => largestOf(page?.rows ?? [], columns), [page, columns]);
  const total = page?.total ?? 0;

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
            href={csv.href}
            download
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`Download ${label} as CSV`}
            title={total > csv.most ? `Download the first ${exact(csv.most, "count")} as CSV` : "Download as CSV"}
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
        <TableGrid
          label={label}
          columns={columns}
          rows={page.rows}
          rowKey={rowKey}
          largest={largest}
          order={{ id: sort, desc }}
          isSortable={({ id }) => sortable.includes(id)}
          onSort={(column) => {
            const next = orderAfter(column, { id: sort, desc });
            onChange({ sort: next.id, desc: next.desc, offset: 0 });
          }}
          href={href}
        />
      )}
      <Pager
        label={label}
        offset={offset}
        pageSize={pageSize}
        total={total}
        onOffset={(offset) => onChange({ offset })}
      />
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
