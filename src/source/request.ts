import { bucketText, dayText, type DayNumber, type Json, type JsonObject, type Span } from "../domain/index.ts";
import type { Known, UpstreamRequest, Window } from "./types.ts";

export type Query = readonly (readonly [string, string])[];

/** A request that remembers whose records it brings: every natural key starts with the organization. */
export function ask(
  known: Known,
  path: string,
  query: Query = [],
  more: { beta?: string; about?: Readonly<Record<string, string>> } = {},
): UpstreamRequest {
  return { path, query, ...more, about: { ...more.about, organization_id: known.organizationId } };
}

/** The organization that a request's records belong to. */
export function organizationOf(request: UpstreamRequest): string {
  const organization = request.about?.["organization_id"];
  if (organization === undefined) throw new TypeError(`${request.path} was asked without an organization`);
  return organization;
}

/** The days of a report's window. */
export function spanOf(window: Window): Span {
  if (window.span === null) throw new TypeError(`a window of ${window.stream} needs days`);
  return window.span;
}

/** Aligned start and explicit exclusive end: anything else loses or refuses buckets. */
export function bounds(span: Span): Query {
  return [
    ["starting_at", bucketText(span.from)],
    ["ending_at", bucketText(span.to)],
  ];
}

export function groupBy(...dimensions: string[]): Query {
  return dimensions.map((dimension) => ["group_by[]", dimension] as const);
}

/** `YYYY-MM-DD`, as the Claude Code report wants its one day. */
export function oneDay(span: Span): string {
  return dayText(span.from);
}

/** The first day asked for, which an unreadable bucket start falls back to. */
export function askedDay(request: UpstreamRequest): DayNumber | null {
  const start = request.query.find(([name]) => name === "starting_at")?.[1];
  const ms = start === undefined ? Number.NaN : Date.parse(start);
  return Number.isNaN(ms) ? null : Math.floor(ms / 86_400_000);
}

/** The list under `data`; `readWindow` has made sure that there is one. */
export function dataOf(body: JsonObject): readonly Json[] {
  const data = body["data"];
  return Array.isArray(data) ? (data as readonly Json[]) : [];
}
