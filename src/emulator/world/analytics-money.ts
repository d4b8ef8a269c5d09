import type { Cell, Charge } from "./cell.ts";
import { HUNDREDTH_HOUR_MICRO_CENTS, SEARCH_MICRO_CENTS, billedRates, microCentsFromPico, tokensOf } from "./money.ts";
import { TOKEN_TYPES } from "./prices.ts";

/** Micro-cents (1e-8 USD), rounded cell by cell, so that every grouping and bucket width sums to the same. */
export interface CellCost {
  readonly costType: "tokens" | "web_search" | "code_execution" | "session_usage";
  readonly tokenType: string | null;
  readonly list: number;
  readonly net: number;
}

/** Nothing for the tokens of priority traffic. */
export function cellCosts(cell: Cell, day: number): CellCost[] {
  const rates = billedRates(cell, day);
  const costs: CellCost[] = [];
  if (rates !== null) {
    for (const [at, tokens] of tokensOf(cell).entries()) {
      const list = tokens === 0 ? 0 : microCents(tokens, rates[at] ?? 0);
      if (list > 0) costs.push({ costType: "tokens", tokenType: TOKEN_TYPES[at] ?? null, list, net: discounted(list) });
    }
  }
  if (cell.searches > 0) costs.push(costOf("web_search", cell.searches * SEARCH_MICRO_CENTS));
  return costs;
}

export function chargeCost(charge: Charge): CellCost {
  return costOf(charge.kind, charge.hundredths * HUNDREDTH_HOUR_MICRO_CENTS[charge.kind]);
}

function costOf(costType: CellCost["costType"], list: number): CellCost {
  return { costType, tokenType: null, list, net: discounted(list) };
}

/** Ten percent off, half up. */
function discounted(list: number): number {
  const ninths = list * 9;
  return (ninths - (ninths % 10)) / 10 + (ninths % 10 >= 5 ? 1 : 0);
}

/** Plain numbers as long as they are exact, which is always but for absurd scales. */
function microCents(tokens: number, rate: number): number {
  const pico = tokens * rate;
  if (!Number.isSafeInteger(pico)) return Number(microCentsFromPico(BigInt(tokens) * BigInt(rate)));
  const rest = pico % 10_000;
  return (pico - rest) / 10_000 + (rest >= 5_000 ? 1 : 0);
}
