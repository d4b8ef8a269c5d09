import { Worker } from "node:worker_threads";

import { checkPart, type PartOrder, type PartOrders, type PartReport } from "./verify-part.ts";

/**
 * Almost all that a thread makes is gone a leaf later. Left to itself its space for that doubles again and again, to
 * above 100 MB, and is no faster for it.
 */
const YOUNG_MB = 8;

/** Below so many parts a thread costs more than it saves. */
const LEAST_PARTS = 4;

/**
 * Checks parts, several at once in threads of their own, and gives the reports in the order of the orders. No more of
 * them are under way, or wait to be taken, than there are threads and one: memory does not grow with the export.
 */
export async function* checkPartsIn(threads: number, orders: PartOrders): AsyncGenerator<PartReport> {
  if (orders.length < LEAST_PARTS) {
    for (const order of orders) yield await checkPart(order);
    return;
  }
  const workers = Array.from({ length: Math.min(Math.max(threads, 1), orders.length) }, () => new PartWorker());
  try {
    const underWay: { worker: PartWorker; report: Promise<PartReport> }[] = [];
    for (const order of orders) {
      const idle = workers[underWay.length];
      if (idle !== undefined) {
        underWay.push({ worker: idle, report: idle.check(order) });
        continue;
      }
      const oldest = underWay.shift()!;
      const report = await oldest.report;
      // Before the report is taken: the thread need not wait for whoever takes it.
      underWay.push({ worker: oldest.worker, report: oldest.worker.check(order) });
      yield report;
    }
    for (const { report } of underWay) yield await report;
  } finally {
    await Promise.all(workers.map((worker) => worker.end()));
  }
}

class PartWorker {
  readonly #worker = new Worker(new URL(THREAD, import.meta.url), {
    // What the caller's own process was started with need not suit a thread.
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  #settle: { resolve: (report: PartReport) => void; reject: (error: unknown) => void } | null = null;

  constructor() {
    this.#worker.on("message", (report: PartReport) => this.#settle?.resolve(report));
    this.#worker.on("error", (error) => this.#settle?.reject(error));
    this.#worker.on("exit", () => this.#settle?.reject(new Error("a thread that checks a ledger ended")));
  }

  /** One part at a time. */
  check(order: PartOrder): Promise<PartReport> {
    const report = new Promise<PartReport>((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#worker.postMessage(order, []);
    });
    // Whoever stops early does not wait for it.
    report.catch(() => {});
    return report;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Beside this file, from source and built alike. */
const THREAD = import.meta.url.endsWith(".ts") ? "./verify-thread.ts" : "./verify-thread.js";
