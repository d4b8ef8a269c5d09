import type { DayNumber, Failure, Json, JsonObject, Row, Span, Table } from "../domain/index.ts";

/**
 * One kind of thing that upstream reports, described once: what to ask, how to page, what a record is, which rows it
 * becomes. Everything else (planning, committing, probing, rebuilding, status) walks the catalog of these.
 */
export interface Stream {
  /** The ledger's `s`: `[a-z0-9_]{1,64}`. */
  readonly name: string;
  readonly title: string;
  /** `GET /v1/organizations/...`, shown to people. */
  readonly endpoint: string;
  readonly docs: string;
  readonly shape: ListShape | ReportShape;
  /** The first requests of a window, each the start of a page chain. A report usually has one, members one a workspace. */
  requests(window: Window, known: Known): UpstreamRequest[];
  readonly paging: Paging;
  /**
   * The records of one page, in order. `day` is the record's own UTC day (null in lists); the sync warns when it lies
   * outside the window. Throws nothing for odd members: a record is kept whole. What cannot even be a record (a bucket
   * without results) is told to `odd`, and the window counts as incomplete.
   */
  records(body: JsonObject, request: UpstreamRequest, odd: (what: string) => void): RecordDraft[];
  /**
   * What to do when upstream refuses the first page of a chain: ask another way, or go on without that chain. Null or
   * absent: the refusal is the stream's failure.
   */
  onRefusal?(
    request: UpstreamRequest,
    failure: Failure,
  ): { instead: UpstreamRequest | null; warning: string | null } | null;
  readonly tables: readonly Table[];
  /** The rows of one record, and what of it could not be read. Pure. */
  rows(record: RecordView, problem: (path: string, what: string, severity?: "odd") => void): Row[];
  /** `data_refreshed_at` of analytics pages: data are complete up to here (ms), or null. */
  refreshedAt?(body: JsonObject): number | null;
}

/** A window is the whole list. */
export interface ListShape {
  readonly kind: "list";
  /** Streams whose current records `requests` wants to know, synced before this one. */
  readonly after: readonly string[];
}

export interface ReportShape {
  readonly kind: "report";
  /** Longest window of one request chain, in days. */
  readonly longest: number;
  /** First day that can be asked for when today is `today`. */
  earliest(today: DayNumber): DayNumber;
  /** Days after its end during which the source may still restate a day: `provisional`, then `settled`. */
  readonly provisionalDays: number;
  /** Which finished days to read again: those younger than `days`, when last read longer than `everyMs` ago. */
  readonly rereads: readonly { readonly days: number; readonly everyMs: number }[];
}

/** What one commit covers. A list has no days. */
export interface Window {
  readonly stream: string;
  readonly span: Span | null;
}

export interface Known {
  /** Ids of the current records of a list stream, such as `workspaces`. */
  ids(stream: string): readonly string[];
  readonly organizationId: string;
}

export interface UpstreamRequest {
  readonly path: string;
  /** In the order sent; arrays are repeated entries with a bracketed name. */
  readonly query: readonly (readonly [string, string])[];
  readonly beta?: string;
  /** What the records of this chain belong to, such as the workspace of a members list. */
  readonly about?: Readonly<Record<string, string>>;
}

/** Style A: `after_id`; B: `page` until `next_page` is null; C: `page` while `has_more`. admin-api section 3. */
export type Paging = "by_id" | "cursor" | "report" | "single";

export interface RecordDraft {
  readonly day: DayNumber | null;
  /** Natural key, the organization id first; null is a value of its own. */
  readonly key: readonly Json[];
  /** The upstream object with every member, known or not. */
  readonly data: JsonObject;
}

export interface RecordView {
  readonly organizationId: string;
  readonly day: DayNumber | null;
  readonly key: readonly Json[];
  readonly data: JsonObject;
}

/** One answer of upstream as the ledger's `fetch` leaf tells of it. Never a header of the request. */
export interface FetchFacts {
  readonly path: string;
  /** The query as sent, percent-encoded. */
  readonly query: string;
  readonly status: number;
  readonly requestId: string | null;
  readonly organizationId: string | null;
  /** Upstream's `Date`, ms. */
  readonly date: number | null;
  readonly bytes: number;
  readonly bodySha256: string;
  readonly rows: number;
  readonly hasMore: boolean;
}

export interface Page {
  readonly body: JsonObject;
  readonly facts: Omit<FetchFacts, "rows" | "hasMore">;
  readonly notes: readonly string[];
}

/** All pages of one window, read to the end or to the reason why not. */
export interface FetchedWindow {
  readonly window: Window;
  /** One entry a response; `records` are the drafts it held. */
  readonly pages: readonly { readonly facts: FetchFacts; readonly records: readonly RecordDraft[] }[];
  /** Why the chain ended early (a repeated cursor, a promise without a cursor, too many pages), or null when whole. */
  readonly incomplete: string | null;
  /** Two passes disagreed, rows stood twice, and similar: shown with the run. */
  readonly warnings: readonly string[];
  /** Upstream's clock at the last response, ms. */
  readonly upstreamNow: number;
  readonly refreshedAt: number | null;
}

/** The only way to Anthropic for readers: GET, no redirects, paced, retried, body checked. */
export interface SourceClient {
  /**
   * @throws Failure `source.*`. Retries what may be retried before that.
   */
  get(request: UpstreamRequest, signal?: AbortSignal): Promise<Page>;
  /** First eight hex digits of the keyed hash of the credential in use; for runs and `fetch` audit, never the key. */
  readonly fingerprint: string;
  /** Requests waiting and in flight, for progress. */
  readonly load: () => { waiting: number; inFlight: number; pausedUntil: number | null };
}

export type ProbeOutcome = "reachable" | "refused" | "not_available" | "failed";

export interface ProbeLine {
  readonly stream: string;
  readonly title: string;
  readonly outcome: ProbeOutcome;
  /** Why it is not reachable, in upstream's words, and what would make it so. */
  readonly reason: string | null;
  readonly requestId: string | null;
}

export interface Capabilities {
  readonly admin_api: boolean;
  readonly code_analytics: boolean;
  readonly activity_feed: boolean;
  readonly content_capture: boolean;
  readonly mcp_connector: boolean;
  readonly enterprise_analytics: boolean;
  readonly usage_cost_analytics: boolean;
}

export interface Probe {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly lines: readonly ProbeLine[];
  readonly capabilities: Capabilities;
  /** Why each false flag is false. */
  readonly reasons: Readonly<Partial<Record<keyof Capabilities, string>>>;
  /** Upstream's clock where it told, ms. */
  readonly probedAt: number;
}
