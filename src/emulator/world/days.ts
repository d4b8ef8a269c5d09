import { writeAppsDay } from "./apps-day.ts";
import { DAY_MS, HOUR_MS, kindOf } from "./calendar.ts";
import { DimsTable, type Cell, type Charge, type DayOfCells } from "./cell.ts";
import { DayWriter } from "./day-writer.ts";
import { writeMachinesDay } from "./machines-day.ts";
import { writePeopleDay } from "./people-day.ts";
import type { Setting } from "./setting.ts";

/** How long after the end of its hour a cell reaches each report. */
const LAGS = { legacy: 5 * 60_000, claude_code: HOUR_MS, analytics: 4 * HOUR_MS } as const;
export type Reader = keyof typeof LAGS;

/** Kept cells; older days are dropped and invented again when asked for (about 150 bytes each). */
const CELLS_KEPT = 500_000;

/** Invents days when they are first asked for. The same day is the same cells, however often and in whatever order. */
export class Days {
  readonly #setting: Setting;
  readonly #kept = new Map<number, DayOfCells>();
  #cellsKept = 0;
  readonly table = new DimsTable();

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** Everything that happens on the day, seen or not. Before the history nothing does. */
  of(day: number): DayOfCells {
    const kept = this.#kept.get(day);
    if (kept !== undefined) return kept;
    const fresh = inventDay(this.#setting, this.table, day);
    this.#kept.set(day, fresh);
    this.#cellsKept += fresh.cells.length;
    for (const [old, { cells }] of this.#kept) {
      if (this.#cellsKept <= CELLS_KEPT || old === day) break;
      this.#kept.delete(old);
      this.#cellsKept -= cells.length;
    }
    return fresh;
  }

  /** What that reader can see of the day at `now`. Subscription use is seen by the Claude Code report alone. */
  seen(day: number, reader: Reader, now: number): DayOfCells {
    const whole = this.of(day);
    const isSettled = day <= this.#setting.lastDay && now >= (day + 1) * DAY_MS + LAGS[reader];
    if (isSettled) return whole;
    const isVisible = (item: Cell | Charge): boolean => {
      const delay = LAGS[reader] + (reader === "analytics" ? item.revisedAfter : item.lateBy);
      return day * DAY_MS + (Math.floor(item.minute / 60) + 1) * HOUR_MS + delay <= now;
    };
    return { day, cells: whole.cells.filter(isVisible), charges: whole.charges.filter(isVisible) };
  }
}

export function isBilled(cell: Cell): boolean {
  return cell.dims.code?.customerType !== "subscription";
}

function inventDay(setting: Setting, table: DimsTable, day: number): DayOfCells {
  const writer = new DayWriter(setting, day);
  const kind = kindOf(setting.seed, day, setting.firstDay);
  if (day >= setting.firstDay && kind !== "holiday") {
    writePeopleDay(setting, table, writer, day, kind);
    writeMachinesDay(setting, table, writer, day, kind);
    writeAppsDay(setting, table, writer, day, kind);
  }
  return writer.finish();
}
