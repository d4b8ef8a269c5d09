import { dayIndex } from "./calendar.ts";
import type { Cell, DayOfCells } from "./cell.ts";
import type { WorldOverlay, WorldStream } from "./types.ts";

type Change =
  | { readonly kind: "restate"; readonly day: number; readonly stream: WorldStream; readonly factor: number }
  | { readonly kind: "vanish"; readonly day: number; readonly stream: WorldStream; readonly nth: number };

/** The overlay as the reports read it. */
export class Overlay implements WorldOverlay {
  readonly #changes = new Set<Change>();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  restate(change: { day: string; stream: WorldStream; factor: number }): () => void {
    if (!(change.factor >= 0) || change.factor > 1000) throw new RangeError("factor: must be 0 to 1000");
    return this.#add({ ...change, kind: "restate", day: dayIndex(change.day) });
  }

  vanish(change: { day: string; stream: WorldStream; nth: number }): () => void {
    if (!Number.isInteger(change.nth) || change.nth < 0) throw new RangeError("nth: must be an integer from 0");
    return this.#add({ ...change, kind: "vanish", day: dayIndex(change.day) });
  }

  clear(): void {
    this.#changes.clear();
    this.#version += 1;
  }

  factorOf(day: number, stream: WorldStream): number {
    return this.#of(day, stream).reduce(
      (product, change) => (change.kind === "restate" ? product * change.factor : product),
      1,
    );
  }

  /** Keeps the rows that have not vanished. */
  survivors<Row>(day: number, stream: WorldStream, rows: readonly Row[]): readonly Row[] {
    const gone = this.#of(day, stream).flatMap((change) =>
      change.kind === "vanish" ? [change.nth % Math.max(1, rows.length)] : [],
    );
    return gone.length === 0 ? rows : rows.filter((_, at) => !gone.includes(at));
  }

  /** The cells of a day as `messages` or `analytics` see them. */
  applyTo(seen: DayOfCells, stream: "messages" | "analytics"): DayOfCells {
    if (this.#of(seen.day, stream).length === 0) return seen;
    const factor = this.factorOf(seen.day, stream);
    const names = [...new Set(seen.cells.map(rowNameOf))].toSorted();
    const survivors = new Set(this.survivors(seen.day, stream, names));
    return {
      day: seen.day,
      cells: seen.cells.filter((cell) => survivors.has(rowNameOf(cell))).map((cell) => scaled(cell, factor)),
      charges: seen.charges.map((charge) => ({ ...charge, hundredths: Math.round(charge.hundredths * factor) })),
    };
  }

  #of(day: number, stream: WorldStream): Change[] {
    if (this.#changes.size === 0) return [];
    return [...this.#changes].filter((change) => change.day === day && change.stream === stream);
  }

  #add(change: Change): () => void {
    this.#changes.add(change);
    this.#version += 1;
    return () => {
      if (this.#changes.delete(change)) this.#version += 1;
    };
  }
}

function rowNameOf({ dims }: Cell): string {
  return `${dims.workspaceId}|${dims.apiKeyId ?? ""}|${dims.model}`;
}

function scaled(cell: Cell, factor: number): Cell {
  return {
    ...cell,
    uncachedInput: Math.round(cell.uncachedInput * factor),
    write5m: Math.round(cell.write5m * factor),
    write1h: Math.round(cell.write1h * factor),
    cacheRead: Math.round(cell.cacheRead * factor),
    output: Math.round(cell.output * factor),
    searches: Math.round(cell.searches * factor),
    requests: Math.round(cell.requests * factor),
  };
}
