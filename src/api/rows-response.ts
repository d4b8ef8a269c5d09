import { csvLine, type ExportRow } from "../metrics/index.ts";
import { runOperation } from "../operations/index.ts";
import type { Entered } from "./authenticate.ts";
import type { Served } from "./served-operations.ts";
import { streamed } from "./streamed.ts";

const CHUNK = 64 * 1024;

interface Rows {
  readonly id: string;
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<ExportRow>;
}

/**
 * The rows of a table at the reader's pace, as JSON lines or CSV: memory does not grow with the export. `leave` is
 * called when the last one is sent or the reader is gone.
 */
export async function rowsResponse(
  { context }: Entered,
  { operation }: Served,
  input: Record<string, unknown>,
  form: "json" | "csv",
  leave: () => void,
  patienceMs: number,
): Promise<Response> {
  // The one operation whose answer is a stream: its own schema says so.
  const { id, columns, rows } = (await runOperation(context, operation, input)) as Rows;
  return new Response(streamed(encoded(chunksOf(columns, rows, form)), leave, patienceMs), {
    headers: {
      "content-type": form === "csv" ? "text/csv; charset=utf-8; header=present" : "application/jsonl; charset=utf-8",
      "content-disposition": `attachment; filename="${id}.${form === "csv" ? "csv" : "jsonl"}"`,
    },
  });
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
}

async function* chunksOf(
  columns: readonly string[],
  rows: AsyncIterable<ExportRow>,
  form: "json" | "csv",
): AsyncGenerator<string, void, undefined> {
  let chunk = form === "csv" ? csvLine(columns) : "";
  for await (const row of rows) {
    chunk += form === "csv" ? csvLine(columns.map((name) => row[name] ?? null)) : `${JSON.stringify(row)}\n`;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}
