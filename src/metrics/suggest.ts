import { Failure } from "../domain/index.ts";

/** The failure for an id that no catalog holds: the nearest ids first, then the others. */
export function unknownId(field: string, value: string, catalog: readonly { readonly id: string }[]): Failure {
  const ids = catalog.map((entry) => entry.id);
  const near = ids.filter((id) => distance(id, value) <= Math.max(2, Math.floor(id.length / 3)));
  near.sort((a, b) => distance(a, value) - distance(b, value));
  // `active_people` is no typing error of `active_users`: a word that both have tells what was meant.
  const words = value.split("_").filter((word) => word.length > 3);
  const isLike = (id: string) =>
    (value.length > 2 && id.includes(value)) || id.split("_").some((word) => words.includes(word));
  const containing = ids.filter((id) => !near.includes(id) && isLike(id));
  const choices = [...near.slice(0, 3), ...containing.slice(0, 3)];
  const text = choices.length > 0 ? `${choices.join(", ")} (did you mean one of these?)` : ids.join(", ");
  return new Failure("input.unknown_value", { field, value, choices: text });
}

/** Edits between two ids (Levenshtein). */
function distance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = before[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(row[j - 1]! + 1, before[j]! + 1, swap));
    }
    before = row;
  }
  return before[b.length]!;
}
