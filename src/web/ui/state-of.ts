import type { Output } from "../client/index.ts";

type Answer = Output<"report">;

/** How far a figure can be trusted, in one word and in a few. */
export interface DataState {
  readonly kind: "complete" | "provisional" | "partial" | "missing";
  readonly text: string;
}

/** The worst that is true of an answer's days. */
export function stateOf({ coverage, provisional }: Pick<Answer, "coverage" | "provisional">): DataState {
  const missing = coverage.days - coverage.covered - coverage.partial;
  if (coverage.days > 0 && coverage.covered + coverage.partial === 0) return { kind: "missing", text: "no data" };
  if (missing > 0) return { kind: "missing", text: `${days(missing)} missing` };
  if (coverage.partial > 0) return { kind: "partial", text: `${days(coverage.partial)} partial` };
  if (provisional.length > 0) return { kind: "provisional", text: `${days(provisional.length)} provisional` };
  return { kind: "complete", text: "complete" };
}

function days(count: number): string {
  return `${count} ${count === 1 ? "day" : "days"}`;
}
