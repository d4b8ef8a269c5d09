import {
  defineTable,
  dim,
  REFERENCE,
  text,
  type Column,
  type Row,
  type RowValue,
  type Table,
} from "../../domain/index.ts";
import { defineStream } from "../define-stream.ts";
import { textAt, type Presence, type Problem } from "../read.ts";
import { ask, type Query } from "../request.ts";
import type { RecordView, Stream } from "../types.ts";
import { listRecords } from "./buckets.ts";

/** A text column of a list: where it stands, and whether it may be absent. */
type TextMember = readonly [path: string, presence: Presence];

/** A list of objects with an id, as one table: most of the directory. */
export interface ListSpec {
  readonly name: string;
  readonly title: string;
  readonly endpoint: string;
  readonly path: string;
  readonly query?: Query;
  readonly docs: string;
  readonly doc: string;
  /** Columns after `id`; a function where one member does not tell it all. */
  readonly columns: Readonly<Record<string, TextMember | ((record: RecordView, problem: Problem) => string | null)>>;
}

/** The table of a list whose objects have an id. */
export function listTable(spec: Pick<ListSpec, "name" | "doc" | "columns">): Table {
  const columns: Record<string, Column> = { organization_id: dim("organization"), id: text() };
  for (const name of Object.keys(spec.columns)) columns[name] = text();
  return defineTable({
    name: spec.name,
    doc: spec.doc,
    key: ["organization_id", "id"],
    columns,
    distribute: REFERENCE,
  });
}

/** The stream of such a list: paged by id, a thousand at a time. */
export function listStream(spec: ListSpec, table: Table): Stream {
  return defineStream({
    name: spec.name,
    title: spec.title,
    endpoint: spec.endpoint,
    docs: spec.docs,
    shape: { kind: "list", after: [] },
    paging: "by_id",
    requests: (_, known) => [ask(known, spec.path, [...(spec.query ?? []), ["limit", "1000"]])],
    records: (body, request, odd) => listRecords(body, request, ["id"], odd),
    tables: [table],
    rows(record, problem): Row[] {
      // An object that cannot be named cannot be a row; its record is kept.
      const id = textAt(record.data, "id", problem, "required");
      if (id === null) return [];
      const values: Record<string, RowValue> = { organization_id: record.organizationId, id };
      for (const [name, from] of Object.entries(spec.columns)) {
        values[name] =
          typeof from === "function" ? from(record, problem) : textAt(record.data, from[0], problem, from[1]);
      }
      return [{ table, values }];
    },
  });
}
