import type { Clock, Json, Random } from "../domain/index.ts";
import type { SyncEvent, SyncOrder, SyncRun, Syncs } from "../operations/index.ts";
import type { SyncProcess } from "./sync-process.ts";

type Start = (tenant: string, order: SyncOrder, onProgress: (progress: Json) => void) => SyncProcess;

const LONGEST_END_MS = 4_000;

interface Known {
  run: SyncRun;
  /** The one that ended last: what is known of the tenant while the next one runs. */
  lastEnded: SyncRun | null;
  /** The running process, null once it ended. */
  process: SyncProcess | null;
  ended: Promise<SyncRun>;
}

/** The syncs of this server, each in a process of its own and one at a time for each tenant. */
export class SyncRunner implements Syncs {
  readonly #effects: { readonly clock: Clock; readonly random: Random; readonly start: Start };
  readonly #known = new Map<string, Known>();
  readonly #listeners = new Map<string, Set<(event: SyncEvent) => void>>();
  #isEnding = false;

  constructor(effects: { readonly clock: Clock; readonly random: Random; readonly start: Start }) {
    this.#effects = effects;
  }

  start(tenant: string, order: SyncOrder): { run: SyncRun; isNew: boolean; ended: Promise<SyncRun> } {
    const before = this.#known.get(tenant);
    if (before !== undefined && before.process !== null) return { run: before.run, isNew: false, ended: before.ended };
    const { clock, random, start } = this.#effects;
    const run: SyncRun = {
      id: `sync_${random.bytes(9).toString("base64url")}`,
      tenant,
      what: order.what,
      startedAt: new Date(clock.now()).toISOString(),
      endedAt: null,
      exit: null,
      problem: null,
      progress: null,
    };
    const process = start(tenant, order, (progress) => this.#change(tenant, "progress", { progress }));
    const ended = process.ended.then(({ exit, problem }) => {
      const known = this.#known.get(tenant)!;
      known.process = null;
      const endedAt = new Date(clock.now()).toISOString();
      known.lastEnded = { ...known.run, exit, problem: problem === "" ? null : problem, endedAt };
      return this.#change(tenant, "ended", known.lastEnded);
    });
    this.#known.set(tenant, { run, process, ended, lastEnded: before?.lastEnded ?? null });
    this.#tell({ event: "started", run });
    // Ordered in the moment in which the server ends.
    if (this.#isEnding) process.end();
    return { run, isNew: true, ended };
  }

  latest(tenant: string): SyncRun | null {
    return this.#known.get(tenant)?.run ?? null;
  }

  /** How the last sync that ended of each tenant did. */
  lastEnded(): Record<string, { exit: number; endedAt: string }> {
    const ended = [...this.#known.values()].flatMap(({ lastEnded }) => lastEnded ?? []);
    return Object.fromEntries(
      ended.map(({ tenant, exit, endedAt }) => [tenant, { exit: exit ?? 5, endedAt: endedAt ?? "" }]),
    );
  }

  /** Every run that is known, the ended ones too. */
  runs(): SyncRun[] {
    return [...this.#known.values()].map(({ run }) => run);
  }

  forget(tenant: string): void {
    if (this.#known.get(tenant)?.process === null) this.#known.delete(tenant);
  }

  subscribe(tenant: string, listener: (event: SyncEvent) => void): () => void {
    const listeners = this.#listeners.get(tenant) ?? new Set();
    this.#listeners.set(tenant, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(tenant);
    };
  }

  /** Asks all to end and waits: each gets the time to finish its window, not more. */
  async end(): Promise<void> {
    this.#isEnding = true;
    const running = [...this.#known.values()].filter(({ process }) => process !== null);
    for (const { process } of running) process?.end();
    const kill = setTimeout(() => {
      for (const { process } of running) process?.kill();
    }, LONGEST_END_MS);
    await Promise.all(running.map(({ ended }) => ended));
    clearTimeout(kill);
  }

  #change(tenant: string, event: SyncEvent["event"], changes: Partial<SyncRun>): SyncRun {
    const known = this.#known.get(tenant)!;
    known.run = { ...known.run, ...changes };
    this.#tell({ event, run: known.run });
    return known.run;
  }

  #tell(event: SyncEvent): void {
    for (const listener of this.#listeners.get(event.run.tenant) ?? []) listener(event);
  }
}
