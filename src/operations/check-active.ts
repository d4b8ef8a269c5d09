import type { DayNumber, Row, Scope, Table } from "../domain/index.ts";
import { activeSpelled, type ActiveDays, type Tx } from "../store/index.ts";
import { activeRules } from "../sync/index.ts";

/** Who was active on which day, by what the records say. */
export class ExpectedActive {
  readonly #rules: ActiveDays;
  /** Sums of the rules' columns, by day and then by actor. */
  readonly #sums = new Map<DayNumber, Map<string, Map<string, bigint>>>();

  /** Null for a table that says nothing about activity. */
  static of(table: Table): ExpectedActive | null {
    const rules = activeRules(table);
    return rules === null ? null : new ExpectedActive(rules);
  }

  private constructor(rules: ActiveDays) {
    this.#rules = rules;
  }

  add({ table, values }: Row): void {
    const { day } = values;
    const actor = values[this.#rules.actor];
    if (table !== this.#rules.table || typeof day !== "number" || typeof actor !== "string") return;
    const ofDay = this.#sums.get(day) ?? new Map<string, Map<string, bigint>>();
    this.#sums.set(day, ofDay);
    const sums = ofDay.get(actor) ?? new Map<string, bigint>();
    ofDay.set(actor, sums);
    for (const column of new Set(Object.values(this.#rules.rules).flat())) {
      const value = values[column];
      // Null means that nothing is known, which makes nobody active.
      if (value !== null && value !== undefined) sums.set(column, (sums.get(column) ?? 0n) + BigInt(value));
    }
  }

  /** Days on which the kept sets are others, by any rule. */
  async differing(tx: Tx, scope: Scope, organizationId: string): Promise<DayNumber[]> {
    const wanted = this.#actors();
    const days = new Set<DayNumber>();
    for await (const { rule, day, actors } of activeSpelled(tx, scope, this.#rules, organizationId)) {
      const place = placeOf(rule, day);
      if (wanted.get(place)?.text !== textOf(actors)) days.add(day);
      wanted.delete(place);
    }
    for (const { day } of wanted.values()) days.add(day);
    return [...days].toSorted((a, b) => a - b);
  }

  #actors(): Map<string, { day: DayNumber; text: string }> {
    const wanted = new Map<string, { day: DayNumber; text: string }>();
    for (const [day, ofDay] of this.#sums) {
      for (const [rule, columns] of Object.entries(this.#rules.rules)) {
        const isActive = (sums: ReadonlyMap<string, bigint>) => columns.some((column) => (sums.get(column) ?? 0n) > 0n);
        const actors = [...ofDay].flatMap(([actor, sums]) => (isActive(sums) ? [actor] : []));
        // A day without anyone has no row.
        if (actors.length > 0) wanted.set(placeOf(rule, day), { day, text: textOf(actors) });
      }
    }
    return wanted;
  }
}

function placeOf(rule: string, day: DayNumber): string {
  return `${day} ${rule}`;
}

function textOf(actors: readonly string[]): string {
  return JSON.stringify(actors.toSorted());
}
