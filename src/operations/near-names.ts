const MOST = 3;
const ALIKE = 0.5;

/** The names most like the one that was given, by the pairs of letters that they share; none when none is near. */
export function nearNames(given: string, names: Iterable<string>): string[] {
  const wanted = pairsOf(given);
  const scored = [...names].map((name) => ({ name, score: likeness(wanted, pairsOf(name)) }));
  return scored
    .filter(({ score }) => score >= ALIKE)
    .toSorted((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** Of what makes the name: every key begins alike. */
function pairsOf(name: string): ReadonlySet<string> {
  const letters = name
    .replace(/^(key:|apikey_)/, "")
    .toLowerCase()
    .replace(/[\s_.-]+/g, "");
  if (letters.length < 2) return new Set([letters]);
  return new Set(Array.from({ length: letters.length - 1 }, (_, i) => letters.slice(i, i + 2)));
}

/** Dice's measure: 1 for the same pairs, 0 for none in common. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return (2 * [...a].filter((pair) => b.has(pair)).length) / (a.size + b.size);
}
