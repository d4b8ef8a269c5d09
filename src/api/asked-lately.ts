import type { Entered } from "./authenticate.ts";
import type { Syncs } from "../operations/index.ts";

/** Questions asked longer ago than this are not prepared: nobody looks at their page. */
const LATELY_MS = 30 * 60_000;
/** As many as the open pages of a few people ask. */
const MOST = 40;

export interface AskedQuestion {
  readonly tenant: string;
  askedMs: number;
  prepare: () => Promise<unknown>;
  /** Under which the last answer is kept, and the sync during which it was given. */
  last: { readonly key: string; readonly during: string | null } | null;
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
  note(
    { tenant }: Pick<Entered, "tenant">,
    question: string,
    now: number,
    prepare: () => Promise<unknown>,
  ): AskedQuestion {
    const asked = this.#asked.get(question) ?? {
      tenant: tenant.name,
      askedMs: now,
      prepare,
      last: null,
    };
    asked.askedMs = now;
    asked.prepare = prepare;
    this.#asked.delete(question);
    this.#asked.set(question, asked);
    this.#drop(now);
    this.#watch(tenant.name);
    return asked;
  }

  #drop(now: number): void {
    for (const [oldest, { askedMs }] of this.#asked) {
      if (this.#asked.size <= MOST && now - askedMs <= LATELY_MS) break;
      this.#asked.delete(oldest);
    }
  }

  #watch(tenant: string): void {
    if (this.#watched.has(tenant)) return;
    this.#watched.add(tenant);
    this.#syncs.subscribe(tenant, ({ event }) => {
      if (event === "ended") void this.#prepare(tenant);
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
