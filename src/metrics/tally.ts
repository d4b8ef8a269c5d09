import type { DayNumber } from "../domain/index.ts";
import type { Quantity } from "./facts.ts";
import { placeKey } from "./rows.ts";

type Text = string | null;

/** What a group can hold: a quantity, or the people (or person-days) a ratio divides by. */
export type Measured = Quantity | "active";

/** The sums of one group of an answer. `undefined`: no row at all; `null`: rows, and none of them says. */
export interface Group {
  readonly dims: readonly Text[];
  readonly bucket: DayNumber | null;
  readonly source: string;
  readonly values: Map<Measured, bigint | null>;
  /** Some of the money is in a currency other than USD, so nothing is summed. */
  mixed: boolean;
}

/** What rows are added up in: a series for each place, by bucket. */
export interface Tally<S> {
  /** Made when first asked for. */
  seriesAt(dims: readonly Text[], source: string): S;
  /** @param mixed the amount is in a currency other than USD */
  add(series: S, bucket: DayNumber | null, quantity: Quantity, amount: bigint | null, mixed: boolean): void;
}

/** The groups of one place, by bucket. */
interface Series {
  readonly dims: readonly Text[];
  readonly source: string;
  readonly byBucket: Map<DayNumber | null, Group>;
}

/** Adds up in the groups of an answer. */
export class Groups implements Tally<Series> {
  readonly #series = new Map<string, Series>();

  seriesAt(dims: readonly Text[], source: string): Series {
    const key = placeKey({ dims, bucket: null, source });
    const series = this.#series.get(key) ?? { dims, source, byBucket: new Map() };
    this.#series.set(key, series);
    return series;
  }

  add(
    { dims, source, byBucket }: Series,
    bucket: DayNumber | null,
    quantity: Quantity,
    amount: bigint | null,
    mixed: boolean,
  ): void {
    let group = byBucket.get(bucket);
    if (!group) {
      group = { dims, bucket, source, values: new Map(), mixed: false };
      byBucket.set(bucket, group);
    }
    group.values.set(quantity, added(group.values.get(quantity), amount));
    group.mixed ||= mixed;
  }

  all(): Group[] {
    return [...this.#series.values()].flatMap(({ byBucket }) => [...byBucket.values()]);
  }
}

/** Unknown parts are left out while something is known; a sum of nothing but unknowns is unknown. */
export function added(sum: bigint | null | undefined, part: bigint | null): bigint | null {
  if (sum === undefined || sum === null) return part;
  return part === null ? sum : sum + part;
}
