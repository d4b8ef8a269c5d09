import type { Clock, Random } from "../../domain/index.ts";
import type { ApiContext } from "../env.ts";
import { cookieFor, readCookie, setCookie, type SessionCookie } from "./cookie.ts";

const MOST = 1_000;

export interface BegunParts {
  readonly clock: Pick<Clock, "now">;
  readonly random: Random;
  readonly origin: () => string;
}

/**
 * What browsers have begun and not finished yet, in memory, each by a cookie of its own: nobody finishes in one browser
 * what was begun in another.
 */
export class Begun<T> {
  readonly #parts: BegunParts;
  readonly #what: "sso" | "code";
  readonly #lifeMs: number;
  readonly #begun = new Map<string, { readonly value: T; readonly endsMs: number }>();

  constructor(parts: BegunParts, what: "sso" | "code", lifeMs: number) {
    this.#parts = parts;
    this.#what = what;
    this.#lifeMs = lifeMs;
  }

  begin(c: ApiContext, value: T): void {
    const { clock, random } = this.#parts;
    const id = random.bytes(32).toString("base64url");
    this.#begun.set(id, { value, endsMs: clock.now() + this.#lifeMs });
    for (const [oldest, { endsMs }] of this.#begun) {
      if (this.#begun.size <= MOST && endsMs > clock.now()) break;
      this.#begun.delete(oldest);
    }
    c.header("set-cookie", setCookie(this.#cookie(), id, this.#lifeMs / 1_000), { append: true });
    c.header("cache-control", "no-store");
  }

  /** What this browser began; null when it began nothing, or too long ago. */
  find(c: ApiContext): T | null {
    const found = this.#begun.get(this.#idOf(c));
    return found === undefined || this.#parts.clock.now() >= found.endsMs ? null : found.value;
  }

  end(c: ApiContext): void {
    this.#begun.delete(this.#idOf(c));
    c.header("set-cookie", setCookie(this.#cookie(), "", 0), { append: true });
  }

  #idOf(c: ApiContext): string {
    return readCookie(c.req.header("cookie"), this.#cookie().name) ?? "";
  }

  #cookie(): SessionCookie {
    const session = cookieFor(this.#parts.origin());
    return { ...session, name: `${session.name}-${this.#what}` };
  }
}
