import { Worker } from "node:worker_threads";

import { Failure } from "../../domain/index.ts";
import type { FailureCode, FailureFacts, Scope } from "../../domain/index.ts";
import type { Store, StorePlace } from "../../store/index.ts";
import type { PastOrder, projectPast } from "./project.ts";

export interface ThreadOrder extends PastOrder, Pick<Scope, "tenantId" | "tenant"> {
  readonly place: StorePlace;
}

export type ThreadReply =
  | { readonly built: Built }
  | { readonly failed: { readonly code: FailureCode; readonly facts: FailureFacts } }
  /** A bug, as it told of itself. */
  | { readonly broken: string };

type Built = Awaited<ReturnType<typeof projectPast>>;

/** A thread that nobody needed for so long ends. */
const IDLE_MS = 60_000;

/**
 * Builds the past beside the event loop, one day at a time in the whole process: whoever asks for another waits, and
 * everybody else is answered meanwhile.
 */
export async function projectBeside(store: Store, scope: Scope, order: PastOrder): Promise<Built> {
  const { place } = store;
  const { tenantId, tenant } = scope;
  const before = turn;
  const { promise, resolve: next } = Promise.withResolvers<void>();
  turn = promise;
  await before;
  try {
    thread ??= new PastThread();
    const reply = await thread.build({ ...order, place, tenantId, tenant });
    if ("built" in reply) return reply.built;
    if ("failed" in reply) throw new Failure(reply.failed.code, reply.failed.facts);
    throw new Error(`the past could not be built: ${reply.broken}`);
  } finally {
    next();
  }
}

let turn: Promise<void> = Promise.resolve();
let thread: PastThread | null = null;

class PastThread {
  // What the caller's own process was started with need not suit a thread.
  readonly #worker = new Worker(new URL(THREAD, import.meta.url), { execArgv: [] });
  #settle: { resolve: (reply: ThreadReply) => void; reject: (error: unknown) => void } | null = null;
  #idle: NodeJS.Timeout | null = null;

  constructor() {
    this.#worker.on("message", (reply: ThreadReply) => this.#settle?.resolve(reply));
    this.#worker.on("error", (error) => this.#settle?.reject(error));
    this.#worker.on("exit", () => {
      if (thread === this) thread = null;
      this.#settle?.reject(new Error("the thread that builds the past ended"));
    });
  }

  async build(order: ThreadOrder): Promise<ThreadReply> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#worker.ref();
    try {
      return await new Promise<ThreadReply>((resolve, reject) => {
        this.#settle = { resolve, reject };
        this.#worker.postMessage(order, []);
      });
    } finally {
      this.#settle = null;
      // It keeps no command from ending.
      this.#worker.unref();
      this.#idle = setTimeout(() => this.#end(), IDLE_MS).unref();
    }
  }

  #end(): void {
    if (thread === this) thread = null;
    void this.#worker.terminate();
  }
}

/** Beside this file, from source and built alike. */
const THREAD = import.meta.url.endsWith(".ts") ? "./past-thread.ts" : "./past-thread.js";
