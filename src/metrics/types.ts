import type { Population } from "../domain/index.ts";

export type Grain = "day" | "week" | "month";
export type CostKind = "estimated" | "list" | "net" | "notional";
export type ActiveRule = "any" | "token" | "engaged";
/** Generation or family of reports a question reads. Never mixed within one organization. */
export type SourceChoice = "messages" | "claude_code" | "analytics" | "cost_report";
export type Denominator = "assigned_seats" | "org_members" | "roster" | "ever_active";
export type Unit = "usd" | "tokens" | "requests" | "sessions" | "people" | "person_days" | "lines" | "count" | "ratio";

/** Why a value is null. "—" on every surface, never 0. */
export type ReasonCode =
  | "zero_denominator"
  | "not_reported_by_source"
  | "not_collected_yet"
  | "below_minimum_sample"
  | "suppressed_for_privacy"
  | "mixed_currency";

/** What a surface asks. Days are `YYYY-MM-DD`, inclusive at both ends, UTC. */
export interface Question {
  readonly metric: string;
  /** Default: the 30 days that end at the last complete day. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly grain?: Grain | undefined;
  /** Dimension ids, at most three. */
  readonly by?: readonly string[] | undefined;
  /** Equalities; several values of one dimension are alternatives. `null` is a value of its own. */
  readonly where?: readonly Condition[] | undefined;
  /** Default `estimated`. Metrics about money only. */
  readonly kind?: CostKind | undefined;
  /** Default: the metric's own, `humans` for ratios about people, `all` for money and counts. */
  readonly population?: Population | undefined;
  /** Default `any`. Metrics about active people only. */
  readonly activeRule?: ActiveRule | undefined;
  /** Adoption only. Default: `roster` if one is loaded, else `org_members`. */
  readonly denominator?: Denominator | undefined;
  /** One that reports the metric. Default: see `docs/metrics.md`, "Which source answers". */
  readonly source?: SourceChoice | undefined;
  /** Answers as the record stood at the end of this UTC day. */
  readonly asOf?: string | undefined;
}

export interface Condition {
  readonly dimension: string;
  readonly value: string | null;
}

/** Counts are numbers (text above 2^53), money is dollars as a decimal string, ratios are numbers from 0 to 1. */
export type Value = number | string | null;

/** One value with its dimensions and, with a grain, `day`, `week` (its Monday) or `month` (`YYYY-MM`). */
export interface AnswerRow {
  readonly value: Value;
  /** The stream the value was read from. */
  readonly source: string;
  readonly reason?: ReasonCode;
  readonly provisional?: true;
  readonly lowSample?: true;
  /** By day: the day was read before it was over, or not to its end. */
  readonly partial?: true;
  readonly [dimension: string]: Value | boolean | undefined;
}

export interface AnswerTotal {
  readonly value: Value;
  readonly source: string;
  readonly reason?: ReasonCode;
  readonly lowSample?: true;
  /** Rolling and bucketed people only: the mean over the covered days or buckets, and over Monday to Friday. */
  readonly average?: number | null;
  readonly averageWeekday?: number | null;
  /** The sums behind a ratio or a difference, named, in their own units. */
  readonly parts?: Readonly<Record<string, Value>>;
}

export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** Shares are of the answer's population `all`; null with a reason where the source does not name the actor. */
export interface Unmapped {
  readonly actors: number | null;
  readonly names: readonly string[];
  readonly value: Value;
  readonly share: number | null;
  readonly reason?: ReasonCode;
}

export interface Unpriced {
  readonly models: readonly string[];
  readonly tokens: number | string;
}

export interface AnswerWarning {
  readonly code: string;
  readonly message: string;
}

export interface Answer {
  readonly metric: string;
  readonly title: string;
  readonly unit: Unit;
  readonly range: DayRange & { readonly grain: Grain | null; readonly timezone: "UTC" };
  readonly by: readonly string[];
  readonly where: readonly Condition[];
  readonly kind: CostKind | null;
  readonly population: Population;
  readonly activeRule: ActiveRule | null;
  readonly denominator: Denominator | null;
  /** The streams that were read. */
  readonly source: readonly string[];
  readonly rows: readonly AnswerRow[];
  readonly total: AnswerTotal;
  /** Last day up to which everything asked for is complete, or null. */
  readonly completeThrough: string | null;
  /** The day as of whose end the record answers; today unless asked otherwise. */
  readonly asOf: string;
  readonly coverage: {
    readonly days: number;
    readonly covered: number;
    readonly partial: number;
    readonly missing: readonly DayRange[];
    /** First day held of all that was asked, or null: days before it come by a backfill. */
    readonly heldFrom: string | null;
  };
  /** Finished days that the source may still restate. */
  readonly provisional: readonly string[];
  readonly unmapped: Unmapped;
  readonly unpriced: Unpriced;
  /** Records of which upstream gave two contradicting rows; they stay out of every total. */
  readonly conflicted: number;
  /** Adoption only: active people who are not in the denominator. */
  readonly activeOutsideDenominator?: readonly string[];
  readonly warnings: readonly AnswerWarning[];
}

/** An answer without what stands around its figures. */
export type AnswerFigures = Omit<Answer, "unmapped" | "unpriced">;
