import { z } from "zod";

import { dayText, parseDay } from "../../domain/index.ts";
import type { Answer, DayRange } from "../../metrics/index.ts";
import { counted } from "./words.ts";

/** Figures as the metrics tell them: counts and ratios as numbers, money and what exceeds 2^53 as decimal text. */
export const value = z.union([z.number(), z.string(), z.null()]);

/** Members that a reader understands by their names: spelling all of them out would cost every question tokens. */
export const loose = z.looseObject({});

/** How far an answer can be relied on, and of which days it is: part of every answer with figures, as `trustOf` gives it. */
export const trust = { complete: loose };

export const warnings = z.array(z.string());

export function messages(answer: { readonly warnings: readonly { readonly message: string }[] }): string[] {
  return answer.warnings.map(({ message }) => message);
}

type Trustworthy = Pick<Answer, "completeThrough" | "provisional"> & {
  readonly range: DayRange;
  readonly coverage: Pick<Answer["coverage"], "days" | "covered">;
};

export function trustOf({ range, completeThrough, coverage, provisional }: Trustworthy) {
  return {
    complete: {
      range: spanOf(range),
      through: completeThrough,
      daysRead: coverage.covered,
      days: coverage.days,
      provisional: spans(provisional),
    },
  };
}

/** One text for a range: `2026-10-01..2026-10-31`. */
export function spanOf({ from, to }: DayRange): string {
  return `${from}..${to}`;
}

/** The same in a sentence. */
export function trustWords({ range, completeThrough, coverage, provisional }: Trustworthy): string {
  const read =
    coverage.covered === coverage.days
      ? `all ${counted(coverage.days, "day")} of ${range.from} to ${range.to} read`
      : `only ${coverage.covered} of ${counted(coverage.days, "day")} of ${range.from} to ${range.to} read whole`;
  const through = completeThrough === null ? "Nothing is complete" : `Complete through ${completeThrough}`;
  const restated = provisional.length === 0 ? "" : `; the source may still restate ${spans(provisional).join(", ")}`;
  return `${through}; ${read}${restated}.`;
}

/** Days one after another as `FROM..TO`: thirty of them are one span. */
function spans(days: readonly string[]): string[] {
  const found: { from: number; to: number }[] = [];
  for (const day of days.map((text) => parseDay(text)).sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && day <= last.to + 1) last.to = day;
    else found.push({ from: day, to: day });
  }
  return found.map(({ from, to }) => (from === to ? dayText(from) : spanOf({ from: dayText(from), to: dayText(to) })));
}
