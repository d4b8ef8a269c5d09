import { divideHalfEven, dollars, picoUsdFromDollars } from "../../domain/index.ts";
import type { ReasonCode, Value } from "../../metrics/index.ts";
import type { FieldNote } from "./normalized-shape.ts";

/** A figure, or why there is none. */
export interface Told<V extends Value = Value> {
  readonly value: V;
  readonly reason?: ReasonCode | undefined;
}

/** Collects the notes of a block while its fields are filled, so that no null goes without its reason. */
export class FieldNotes {
  readonly #notes = new Map<string, FieldNote>();

  /** The value of a field; its reason is kept where it has none. */
  fill<V extends Value>(field: string, { value, reason }: Told<V>, note: FieldNote = {}): V {
    const said = value === null ? { reason: reason ?? "not_reported_by_source", ...note } : note;
    if (Object.keys(said).length > 0) this.#notes.set(field, said);
    return value;
  }

  /** A field of which the source says nothing. */
  lacking(field: string, why: string): null {
    this.#notes.set(field, { reason: "not_reported_by_source", formula: `none: ${why}` });
    return null;
  }

  note(field: string, note: FieldNote): void {
    this.#notes.set(field, { ...this.#notes.get(field), ...note });
  }

  has(field: string): boolean {
    return this.#notes.has(field);
  }

  metadata(): { unavailable_fields: string[]; field_notes: Record<string, FieldNote> } {
    const lacking = [...this.#notes].filter(([, { reason }]) => reason === "not_reported_by_source");
    return { unavailable_fields: lacking.map(([field]) => field), field_notes: Object.fromEntries(this.#notes) };
  }
}

/** Counts added up; unknown as soon as one of them is. */
export function plus(...parts: readonly Told[]): Told {
  const unknown = parts.find(({ value }) => value === null);
  if (unknown !== undefined) return unknown;
  const sum = parts.reduce((all, { value }) => all + BigInt(String(value)), 0n);
  const number = Number(sum);
  return { value: Number.isSafeInteger(number) ? number : sum.toString() };
}

/** A part of a whole in percent, to two places. */
export function percentOf(part: Told, whole: Told): Told<number | null> {
  if (part.value === null) return { value: null, reason: part.reason };
  if (whole.value === null) return { value: null, reason: whole.reason };
  const under = BigInt(String(whole.value));
  if (under === 0n) return { value: null, reason: "zero_denominator" };
  return { value: Number(divideHalfEven(BigInt(String(part.value)) * 10_000n, under)) / 100 };
}

/** Money over a count, to the pico-dollar. */
export function moneyPer(money: Told<string | null>, count: Told, scale = 1n): Told<string | null> {
  if (money.value === null) return money;
  if (count.value === null) return { value: null, reason: count.reason };
  const under = BigInt(String(count.value));
  if (under === 0n) return { value: null, reason: "zero_denominator" };
  return { value: dollars(divideHalfEven(picoUsdFromDollars(money.value).picoUsd * scale, under)) };
}
