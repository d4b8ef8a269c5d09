import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/server";

import { csvOf, pageIn, pageOf } from "../operations/index.ts";
import { answerUri } from "./answer-uri.ts";
import type { Tool, ToolAnswer } from "./define-tool.ts";
import { safeData, safeText } from "./safe-texts.ts";

/** Structured content of one answer, as JSON. What is beyond stands behind a resource link. */
export const MOST_BYTES = 40_000;

/** Rows of a page unless more or fewer are asked for. */
const ROWS = 100;

/** What was asked: the tool's own input, and which part of its list. */
export interface Question {
  readonly tool: Tool;
  readonly input: Readonly<Record<string, unknown>>;
  readonly page: { readonly limit?: number | undefined; readonly cursor?: string | undefined };
  /** Everything that the answer depends on besides the record: a cursor counts for it alone. */
  readonly bond: string;
}

type Data = Record<string, unknown>;

/** The answer as it is sent: safe to read, in pages, and never larger than the cap. */
export function toolResult(question: Question, answer: ToolAnswer<Data>): CallToolResult {
  const { tool, input } = question;
  const notes = answer.notes ?? [];
  const { data, says, isWhole } = partOf(question, answer.data);
  const withNotes = notes.length === 0 ? data : { ...data, notes: safeData(notes) };
  const text = [answer.text, ...notes.map((note) => `Note: ${note}`), ...says].join("\n");
  const content: ContentBlock[] = [{ type: "text", text: safeText(text) }];
  const rest = isWhole || tool.effect !== "read" ? null : answerUri(tool, input);
  if (rest !== null) {
    content.push({
      type: "resource_link",
      uri: rest.uri,
      name: `${tool.name}.${rest.form}`,
      title: `${tool.title}, the whole answer`,
      mimeType: rest.form === "csv" ? "text/csv" : "application/json",
    });
  }
  return { content, structuredContent: withNotes };
}

/** The whole answer, as its resource gives it. */
export function wholeAnswer(tool: Tool, answer: ToolAnswer<Data>, form: "csv" | "json"): string {
  const data = safe(tool, answer.data);
  return form === "csv" && tool.list !== undefined
    ? csvOf(rowsIn(data, tool.list) as Data[])
    : JSON.stringify(data, null, 1);
}

function safe<T>(tool: Tool, data: T): T {
  // What is an object or a list stays one.
  return safeData(data, new Set(tool.verbatim)) as T;
}

interface Part {
  readonly data: Data;
  /** What is said of what is left out. */
  readonly says: readonly string[];
  readonly isWhole: boolean;
}

function partOf(question: Question, whole: Data): Part {
  const { tool, bond } = question;
  const { limit, cursor } = question.page;
  if (tool.list === undefined) return cut(safe(tool, whole));
  const { [tool.list]: _, ...members } = whole;
  const rest = safe(tool, members);
  const rows = rowsIn(whole, tool.list);
  const page = pageOf(String(limit ?? ROWS), cursor ?? null, bond) ?? { limit: ROWS, offset: 0 };
  const room = MOST_BYTES - bytesOf({ ...rest, total: rows.length, nextCursor: "x".repeat(60) });
  // Only what is shown is made safe: lists may be long.
  const wanted = safe(tool, rows.slice(page.offset, page.offset + page.limit));
  const shown = wanted.slice(0, thatFit(wanted, room));
  const { nextCursor } = pageIn(rows, { ...page, limit: Math.max(1, shown.length) }, bond);
  const until = page.offset + shown.length;
  return {
    data: { ...rest, [tool.list]: shown, total: rows.length, nextCursor },
    says:
      shown.length === rows.length
        ? []
        : [`Rows ${shown.length === 0 ? 0 : page.offset + 1} to ${until} of ${rows.length}.`, ...more(nextCursor)],
    isWhole: shown.length === rows.length,
  };
}

function more(nextCursor: string | null): string[] {
  return nextCursor === null ? [] : [`The next ones: the same call with cursor ${nextCursor}.`];
}

/** How many of the rows there is room for. At least one, or the walk would never end. */
function thatFit(rows: readonly unknown[], room: number): number {
  let bytes = 0;
  const beyond = rows.findIndex((row) => (bytes += bytesOf(row) + 1) > room);
  return beyond === -1 ? rows.length : Math.max(1, beyond);
}

/** An answer that is no list, with the largest of its lists halved until it fits: what is left keeps its shape. */
function cut(whole: Data): Part {
  if (bytesOf(whole) <= MOST_BYTES) return { data: whole, says: [], isWhole: true };
  const data = structuredClone(whole);
  for (let measured = measure(data); measured.bytes > MOST_BYTES; measured = measure(data)) {
    const [largest] = measured.lists.sort((one, other) => other.bytes - one.bytes);
    if (largest === undefined) break;
    largest.list.length = Math.ceil(largest.list.length / 2);
  }
  return { data, says: ["The answer is long: its lists are cut; the resource has them whole."], isWhole: false };
}

interface Measured {
  readonly bytes: number;
  /** Those that could be shorter. */
  readonly lists: { readonly list: unknown[]; readonly bytes: number }[];
}

function measure(value: unknown): Measured {
  if (typeof value !== "object" || value === null) return { bytes: bytesOf(value), lists: [] };
  const isList = Array.isArray(value);
  const lists: Measured["lists"] = [];
  let bytes = 2;
  for (const [name, member] of isList ? value.map((one) => ["", one] as const) : Object.entries(value)) {
    const part = measure(member);
    bytes += part.bytes + 1 + (isList ? 0 : bytesOf(name) + 1);
    lists.push(...part.lists);
  }
  if (isList && value.length > 1) lists.push({ list: value, bytes });
  return { bytes, lists };
}

function rowsIn(data: Data, list: string): readonly unknown[] {
  const rows = data[list];
  if (!Array.isArray(rows)) throw new TypeError(`the answer has no list ${list}`);
  return rows;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}
