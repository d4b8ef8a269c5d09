import { DAY_MS, Failure, isFailure, type DayNumber, type Scope } from "../domain/index.ts";
import type { Known, Stream, Window } from "../source/index.ts";
import {
  coverageOf,
  currentRecords,
  getStreamStates,
  listConnections,
  updateConnection,
  type CurrentRecord,
  type StreamStateRow,
} from "../store/index.ts";
import { agedState } from "./age-records.ts";
import { commitWindow } from "./commit.ts";
import { takeLease, type Lease } from "./lease.ts";
import { owedDays, planWindows } from "./plan.ts";
import { progressOf } from "./progress.ts";
import { provedStreams } from "./proved-streams.ts";
import { readSettled } from "./read-settled.ts";
import { finishRun } from "./finish-run.ts";
import { StreamRun } from "./stream-run.ts";
import { ensureLog } from "./tenant-log.ts";
import type { OpenConnection, RunReport, SyncEffects, SyncOptions } from "./types.ts";

/** Windows being read or waiting for their turn to commit. The client lets fewer requests out at a time. */
const WINDOWS_UNDER_WAY = 16;

/** Further apart than this, our clock and upstream's are said to disagree (F53). */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Reads everything that a connection owes: lists whole, then the owed windows of every report, newest first.
 *
 * Each window is one transaction, so a run may end anywhere and the next one goes on. A stream that fails does not
 * stop the others; a refused key, a billing problem or a local fault stops all.
 *
 * @throws Failure `sync.lease_held`, `source.other_organization`, `store.*`; everything else is in the report.
 */
export async function syncConnection(
  effects: SyncEffects,
  scope: Scope,
  open: OpenConnection,
  options: SyncOptions = {},
): Promise<RunReport> {
  await ensureLog(effects, scope);
  const lease = await takeLease(
    effects.store,
    scope,
    effects.holder,
    effects.clock,
    effects.holderIsGone ?? (() => false),
  );
  try {
    return await new Run(effects, scope, open, options, lease).go();
  } finally {
    await lease.release();
  }
}

class Run {
  readonly #effects: SyncEffects;
  readonly #scope: Scope;
  readonly #open: OpenConnection;
  readonly #options: SyncOptions;
  readonly #lease: Lease;
  readonly #runId: string;
  readonly #startedAtMs: number;
  readonly #abort = new AbortController();
  readonly #runs: StreamRun[] = [];
  readonly #warnings: string[] = [];
  #stoppedBy: Failure | null = null;
  #fatal: unknown = null;
  /** Starts whatever may start now. */
  #pump: () => void = () => {};

  constructor(effects: SyncEffects, scope: Scope, open: OpenConnection, options: SyncOptions, lease: Lease) {
    this.#effects = effects;
    this.#scope = scope;
    this.#open = open;
    this.#options = options;
    this.#lease = lease;
    this.#runId = effects.random.bytes(8).toString("hex");
    this.#startedAtMs = effects.clock.now();
  }

  async go(): Promise<RunReport> {
    const cancel = () => this.#stop(new Failure("app.cancelled"));
    this.#options.signal?.addEventListener("abort", cancel, { once: true });
    if (this.#options.signal?.aborted) cancel();
    try {
      const upstreamNow = await this.#meetOrganization();
      await this.#plan(upstreamNow);
      await this.#work();
    } finally {
      this.#options.signal?.removeEventListener("abort", cancel);
    }
    if (this.#fatal !== null) throw this.#fatal;
    return finishRun(this.#effects, this.#scope, {
      runId: this.#runId,
      open: this.#open,
      startedAtMs: this.#startedAtMs,
      reports: this.#runs.map((run) => run.report()),
      stoppedBy: this.#stoppedBy,
      warnings: this.#warnings,
    });
  }

  /**
   * The organization comes first and alone: it tells whose key this is and what time it is upstream.
   *
   * @returns upstream's clock, ms; ours where the key may not ask.
   */
  async #meetOrganization(): Promise<number> {
    const stream = this.#effects.streams[0]!;
    const run = new StreamRun(stream, [{ stream: stream.name, span: null }]);
    this.#runs.push(run);
    let upstreamNow = this.#effects.clock.now();
    await this.#window(run, run.open.shift()!, (fetched) => {
      upstreamNow = fetched.upstreamNow;
      const found = fetched.pages.flatMap(({ records }) => records)[0]?.data["id"];
      const expected = this.#open.row.organizationId;
      if (typeof found === "string" && found !== expected) {
        throw new Failure("source.other_organization", { found, expected });
      }
    });
    // Upstream is down or cannot be reached: the other streams would only wait for the same.
    if (run.failure?.retry) this.#stop(run.failure);
    const skew = upstreamNow - this.#effects.clock.now();
    if (Math.abs(skew) > CLOCK_SKEW_MS) {
      this.#warnings.push(
        `This machine's clock is ${Math.round(skew / 60_000)} minutes off upstream's; windows follow upstream's`,
      );
    }
    return upstreamNow;
  }

  async #plan(upstreamNow: number): Promise<void> {
    if (this.#abort.signal.aborted) return;
    const from = await this.#backfillFrom(upstreamNow);
    const states = await this.#effects.store.read((tx) => getStreamStates(tx, this.#scope));
    const elsewhere = await this.#readElsewhere(states);
    const proved = provedStreams(this.#open.row, states);
    for (const stream of this.#effects.streams.slice(1)) {
      if (this.#options.streams !== undefined && !this.#options.streams.includes(stream.name)) continue;
      const owner = elsewhere.get(stream.name);
      if (owner !== undefined) this.#warnings.push(`${stream.name} is read by connection ${owner}; this one stands by`);
      else {
        const windows = await this.#windowsOf(stream, from, upstreamNow);
        this.#runs.push(new StreamRun(stream, windows, proved.has(stream.name)));
      }
    }
    this.#report();
  }

  async #windowsOf(stream: Stream, from: DayNumber, upstreamNow: number): Promise<Window[]> {
    const { shape, name } = stream;
    if (shape.kind === "list") return [{ stream: name, span: null }];
    const { coverage, aged } = await this.#effects.store.read(async (tx) => ({
      coverage: await coverageOf(tx, this.#scope, this.#open.row.organizationId, name),
      aged: await agedState(tx, this.#scope),
    }));
    const held = new Set(coverage.map(({ day }) => day));
    // Under its true names a day that stands under pseudonyms would look like other records, and these as gone.
    const owed = owedDays(coverage, from, shape, upstreamNow).filter(
      ({ day }) => aged === null || day >= aged.before || !held.has(day),
    );
    return planWindows(
      name,
      owed.map(({ day }) => day),
      shape.longest,
    );
  }

  /** The first day to hold: the connection's own, moved back for good when this run asks for more. */
  async #backfillFrom(upstreamNow: number): Promise<DayNumber> {
    const { row } = this.#open;
    const asked = this.#options.from;
    const kept = row.backfillFrom ?? 0;
    if (asked === undefined) return kept;
    const wanted = asked === "all" ? 0 : Math.min(asked, Math.floor(upstreamNow / DAY_MS));
    if (wanted < kept) {
      const backfillFrom = asked === "all" ? null : wanted;
      await this.#effects.store.write((tx) => updateConnection(tx, this.#scope, row.connectionId, { backfillFrom }));
    }
    return Math.min(wanted, kept);
  }

  /** Streams of this organization that another active connection reads already: one (organization, stream), one reader. */
  async #readElsewhere(states: readonly StreamStateRow[]): Promise<Map<string, string>> {
    const { row } = this.#open;
    const others = new Map<number, string>();
    for (const other of await this.#effects.store.read((tx) => listConnections(tx, this.#scope))) {
      const competes = other.organizationId === row.organizationId && other.state === "active";
      if (competes && other.connectionId !== row.connectionId) others.set(other.connectionId, other.name);
    }
    return new Map(
      states
        .filter(({ organizationId }) => organizationId === row.organizationId)
        .filter(({ connectionId, state }) => others.has(connectionId) && (state === "ok" || state === "partial"))
        .map(({ stream, connectionId }) => [stream, others.get(connectionId)!]),
    );
  }

  /** Keeps windows under way until none is left or something stopped the run. */
  async #work(): Promise<void> {
    await new Promise<void>((resolve) => {
      let underWay = 0;
      this.#pump = (): void => {
        for (let next = this.#next(); next !== null && underWay < WINDOWS_UNDER_WAY; next = this.#next()) {
          const run = next;
          underWay += 1;
          void this.#window(run, run.open.shift()!).finally(() => {
            underWay -= 1;
            this.#pump();
          });
        }
        if (underWay === 0) resolve();
      };
      this.#pump();
    });
    for (const run of this.#runs) run.drop(null);
  }

  /** Lists before reports and after the lists they need; among reports the newest days first. */
  #next(): StreamRun | null {
    if (this.#abort.signal.aborted) return null;
    const ready = this.#runs.filter((run) => run.ready && this.#isUnblocked(run.stream));
    const list = ready.find((run) => run.stream.shape.kind === "list");
    if (list !== undefined) return list;
    return ready.reduce<StreamRun | null>(
      (best, run) => (best === null || newest(run) > newest(best) ? run : best),
      null,
    );
  }

  #isUnblocked({ shape }: Stream): boolean {
    if (shape.kind === "report") return true;
    return shape.after.every((name) => this.#runs.find((run) => run.stream.name === name)?.done ?? true);
  }

  async #window(run: StreamRun, window: Window, look?: (fetched: Fetched) => void): Promise<void> {
    run.inFlight += 1;
    this.#report();
    try {
      await this.#lease.keep();
      const known = await this.#known(run.stream);
      const { store, clock, random, mostPages } = this.#effects;
      const context = {
        store,
        scope: this.#scope,
        client: this.#open.client,
        known,
        signal: this.#abort.signal,
        ...(mostPages === undefined ? {} : { mostPages }),
      };
      const settled = await readSettled(context, run.stream, window);
      look?.(settled.fetched);
      run.prove();
      this.#pump();
      const { organizationId } = known;
      const commit = {
        store,
        scope: this.#scope,
        random,
        clock,
        lease: this.#lease.token,
        runId: this.#runId,
        organizationId,
      };
      const report = await commitWindow(commit, run.stream, settled);
      run.committed(settled.fetched, report);
      if (report.clockWentBack)
        this.#warnings.push("This machine's clock went back; times were clamped up and an audit leaf says so");
    } catch (thrown) {
      this.#failed(run, window, thrown);
    } finally {
      run.inFlight -= 1;
      this.#report();
    }
  }

  #failed(run: StreamRun, window: Window, thrown: unknown): void {
    if (this.#abort.signal.aborted) return run.drop(window);
    const isUpstreams = thrown instanceof Failure && thrown.code.startsWith("source.");
    if (!isUpstreams || thrown.code === "source.other_organization") {
      this.#fatal ??= thrown;
      run.drop(window);
      return this.#abort.abort(thrown);
    }
    run.fail(thrown, window);
    if (isFailure(thrown, "source.credential_refused", "source.billing", "source.certificate", "source.redirected"))
      this.#stop(thrown);
  }

  #stop(failure: Failure): void {
    this.#stoppedBy ??= failure;
    this.#abort.abort(failure);
  }

  async #known(stream: Stream): Promise<Known> {
    const { organizationId } = this.#open.row;
    const after = stream.shape.kind === "list" ? stream.shape.after : [];
    const ids = new Map<string, readonly string[]>();
    for (const name of after) {
      const current = await this.#effects.store.read((tx) =>
        currentRecords(tx, this.#scope, name, organizationId, null),
      );
      ids.set(name, idsOf(current.values()));
    }
    // A list asks only for what it comes after.
    return { organizationId, ids: (name) => ids.get(name)! };
  }

  #report(): void {
    this.#options.onProgress?.(
      progressOf(
        this.#open,
        this.#startedAtMs,
        this.#effects.clock.now(),
        this.#runs.map((run) => run.progress()),
      ),
    );
  }
}

type Fetched = Parameters<StreamRun["committed"]>[0];

/** A list's natural key is the organization and the object's id. */
function idsOf(records: Iterable<CurrentRecord>): string[] {
  return [...records]
    .filter(({ state }) => state === "rec")
    .map(({ nk }) => String((JSON.parse(nk) as unknown[])[1]))
    .toSorted();
}

function newest(run: StreamRun): DayNumber {
  return run.open[0]!.span!.to;
}
