import type { Entered } from "./authenticate.ts";
import type { Syncs } from "./syncs.ts";

/** Questions asked longer ago than this are not prepared: nobody looks at their page. */
const LATELY_MS = 30 * 60_000;
/** As many as the open pages of a few people ask. */
const MOST = 40;

interface AskedQuestion {
  readonly tenant: string;
  readonly askedMs: number;
  readonly prepare: () => Promise<unknown>;
}

/**
 * What was asked lately, answered again when a sync has ended: who looks at a page next does not wait for it.
 *
 * Preparing fills the cache and shows nothing to anybody: who asks is let in, and found out about, as always.
 */
export class AskedLately {
  readonly #syncs: Syncs;
  readonly #asked = new Map<string, AskedQuestion>();
  readonly #watched = new Set<string>();

  constructor(syncs: Syncs) {
    this.#syncs = syncs;
  }

  /** @param question names it with who asks, but without the state of the record. */
  note({ tenant }: Pick<Entered, "tenant">, question: string, now: number, prepare: () => Promise<unknown>): void {
    this.#asked.delete(question);
    this.#asked.set(question, { tenant: tenant.name, askedMs: now, prepare });
    for (const [oldest, { askedMs }] of this.#asked) {
      if (this.#asked.size <= MOST && now - askedMs <= LATELY_MS) break;
      this.#asked.delete(oldest);
    }
    if (this.#watched.has(tenant.name)) return;
    this.#watched.add(tenant.name);
    this.#syncs.subscribe(tenant.name, ({ event }) => {
      if (event === "ended") void this.#prepare(tenant.name);
    });
  }

  /** One after the other: those who ask now come first. */
  async #prepare(tenant: string): Promise<void> {
    for (const { prepare } of [...this.#asked.values()].filter((one) => one.tenant === tenant).toReversed()) {
      // What fails now fails again for whoever asks, who is told.
      await prepare().catch(() => {});
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
