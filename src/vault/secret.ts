import { inspect } from "node:util";

const SEALED = "[sealed]";

/**
 * A secret in memory. It shows as `[sealed]` wherever it is printed, logged or serialised, and can be wiped.
 *
 * What leaves through `use` is the caller's care: a string made of it cannot be wiped any more.
 */
export class Secret {
  readonly #bytes: Buffer;
  #wiped = false;

  /** Takes the bytes over: they are wiped with the secret. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  static ofText(text: string): Secret {
    return new Secret(Buffer.from(text, "utf8"));
  }

  /** Runs `fn` with the bytes, which it must not keep. */
  use<T>(fn: (bytes: Buffer) => T): T {
    if (this.#wiped) throw new Error("a secret that has been wiped");
    return fn(this.#bytes);
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#wiped = true;
  }

  toString(): string {
    return SEALED;
  }

  toJSON(): string {
    return SEALED;
  }

  [inspect.custom](): string {
    return SEALED;
  }
}
