/** Names of members that were seen one after the other, and what they come to in canonical order. */
interface Shape {
  readonly next: Map<string, Shape>;
  /** Sorted. Null until some object had just these names. */
  order: readonly string[] | null;
  /** Whether they came in that order. */
  stands: boolean;
}

// Upstream's objects come in a few dozen shapes for ever, so sorting each of them once will do. Bounded, since a shape
// may also be anything.
const SHAPES_KEPT = 4_096;
const LONGEST_NAME_KEPT = 64;
const none: Shape = { next: new Map(), order: [], stands: true };
let kept = 0;

/**
 * Names of members in the order of the canonical form, by UTF-16 code units.
 *
 * @returns `names` itself when they stand in that order
 */
export function memberOrder(names: readonly string[]): readonly string[] {
  let shape = none;
  for (let at = 0; at < names.length; at += 1) {
    const found = shape.next.get(names[at]!) ?? keep(shape, names[at]!);
    if (found === null) return isSorted(names) ? names : names.toSorted();
    shape = found;
  }
  if (shape.order === null) {
    shape.stands = isSorted(names);
    shape.order = names.toSorted();
  }
  return shape.stands ? names : shape.order;
}

function keep({ next }: Shape, name: string): Shape | null {
  if (kept >= SHAPES_KEPT || name.length > LONGEST_NAME_KEPT) return null;
  const shape: Shape = { next: new Map(), order: null, stands: false };
  next.set(name, shape);
  kept += 1;
  return shape;
}

function isSorted(names: readonly string[]): boolean {
  for (let at = 1; at < names.length; at += 1) if (names[at]! < names[at - 1]!) return false;
  return true;
}
