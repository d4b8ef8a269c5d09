import { counted, dayText, isFailure, type Failure } from "../domain/index.ts";
import type { FetchedWindow, Stream, Window } from "../source/index.ts";
import type { CommitReport } from "./commit.ts";
import { spansOf } from "./plan.ts";
import type { StreamProgress, StreamReport } from "./types.ts";

const KEPT_WARNINGS = 50;

/** What happens to one stream within one run: its open windows, its counts, and why it ended early if it did. */
export class StreamRun {
  readonly stream: Stream;
  /** Still to be read, in order. */
  readonly open: Window[];
  readonly #planned: number;
  inFlight = 0;
  #isProved: boolean;
  #windows = 0;
  #incomplete = 0;
  #counts = { pages: 0, rows: 0, new: 0, changed: 0, gone: 0, conflicted: 0 };
  #failure: Failure | null = null;
  #dropped: Window[] = [];
  #unreadable = false;
  readonly #warnings: string[] = [];

  /** @param isProved the key is known to read the stream: it was asked for something of it before */
  constructor(stream: Stream, windows: readonly Window[], isProved = false) {
    this.stream = stream;
    this.#isProved = isProved;
    this.open = [...windows];
    this.#planned = windows.length;
  }

  /**
   * Whether the next window may start. Where it is not known that the stream can be read, the first one goes alone: one
   * request tells that it is refused, not eight.
   */
  get ready(): boolean {
    return this.open.length > 0 && this.#failure === null && (this.#isProved || this.inFlight === 0);
  }

  /** A window could be read: the others may follow before it is committed. */
  prove(): void {
    this.#isProved = true;
  }

  get done(): boolean {
    return this.inFlight === 0 && (this.open.length === 0 || this.#failure !== null);
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  warn(warning: string): void {
    if (this.#warnings.length < KEPT_WARNINGS && !this.#warnings.includes(warning)) this.#warnings.push(warning);
  }

  committed(fetched: FetchedWindow, report: CommitReport): void {
    this.#windows += 1;
    this.#counts.pages += fetched.pages.length;
    for (const name of ["rows", "new", "changed", "gone", "conflicted"] as const) this.#counts[name] += report[name];
    for (const warning of fetched.warnings) this.warn(warning);
    if (fetched.incomplete !== null) {
      this.#incomplete += 1;
      this.warn(`${windowText(fetched.window)} is incomplete: ${fetched.incomplete}`);
    }
    if (report.outOfWindow > 0) {
      this.warn(
        report.outOfWindow === 1
          ? `1 row is dated outside ${windowText(fetched.window)}; it stands under its own date`
          : `${report.outOfWindow} rows are dated outside ${windowText(fetched.window)}; they stand under their own date`,
      );
    }
    if (report.conflicted > 0) {
      this.warn(
        `${counted(report.conflicted, "natural key")} of ${windowText(fetched.window)} came with different rows, which are in no total`,
      );
    }
    for (const { path, what, unreadable } of report.problems) {
      if (unreadable) this.#unreadable = true;
      this.warn(`${path} ${what}; the record is kept whole`);
    }
  }

  /** Ends the stream: what is still open stays uncovered and is owed to the next run. */
  fail(failure: Failure, window: Window | null): void {
    this.#failure ??= failure;
    this.drop(window);
  }

  /** Gives back the windows that this run will not read. */
  drop(window: Window | null): void {
    if (window !== null) this.#dropped.push(window);
    this.#dropped.push(...this.open.splice(0));
  }

  report(): StreamReport {
    const failure = this.#failure;
    return {
      stream: this.stream.name,
      state: this.#state(),
      windows: this.#windows,
      windowsIncomplete: this.#incomplete,
      ...this.#counts,
      failure: failure === null ? null : failureFacts(failure),
      notCovered: spansOf(this.#dropped.flatMap(daysOfWindow)).map(
        ({ from, to }) => `${dayText(from)}/${dayText(to - 1)}`,
      ),
      warnings: [...this.#warnings],
    };
  }

  progress(): StreamProgress {
    const { name, title } = this.stream;
    const counts = { windowsDone: this.#windows, windowsTotal: this.#planned, rows: this.#counts.rows };
    const started = this.inFlight > 0 || this.#windows > 0;
    const state = this.done ? this.#state() : started ? "running" : "waiting";
    return { stream: name, title, state: state === "ok" ? "done" : state, ...counts };
  }

  #state(): StreamReport["state"] {
    if (isFailure(this.#failure, "source.not_permitted")) return "refused";
    if (isFailure(this.#failure, "source.not_found")) return "not_available";
    if (this.#failure !== null) return "failed";
    const whole =
      this.#incomplete === 0 && this.#counts.conflicted === 0 && !this.#unreadable && this.#dropped.length === 0;
    return whole ? "ok" : "partial";
  }
}

function failureFacts(failure: Failure): NonNullable<StreamReport["failure"]> {
  const requestId = failure.facts["requestId"];
  return {
    code: failure.code,
    message: failure.message,
    hint: failure.hint,
    requestId: typeof requestId === "string" ? requestId : null,
  };
}

function daysOfWindow({ span }: Window): number[] {
  return span === null ? [] : Array.from({ length: span.to - span.from }, (_, i) => span.from + i);
}

function windowText({ span }: Window): string {
  if (span === null) return "the list";
  return span.to - span.from === 1 ? dayText(span.from) : `${dayText(span.from)} to ${dayText(span.to - 1)}`;
}
