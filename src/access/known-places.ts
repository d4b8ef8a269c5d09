/** Places kept at most; the one that signed in longest ago goes first. */
const MOST_PLACES = 10_000;

/**
 * From which addresses each account has signed in, in memory.
 *
 * Guesses at a known e-mail from elsewhere use up what strangers have; the owner, coming from where they were before, has
 * tries of their own. OWASP's device cookies do the same by browser; an address needs nothing kept on the other side, and
 * after a start of the server the next sign-in is as anybody's.
 */
export class KnownPlaces {
  readonly #places = new Set<string>();

  has(account: string, address: string): boolean {
    return this.#places.has(placeOf(account, address));
  }

  add(account: string, address: string): void {
    const place = placeOf(account, address);
    // Set anew, so that the order is that of last use.
    this.#places.delete(place);
    this.#places.add(place);
    for (const oldest of this.#places) {
      if (this.#places.size <= MOST_PLACES) break;
      this.#places.delete(oldest);
    }
  }
}

/** No address holds a blank, so no two pairs give one text. */
export function placeOf(account: string, address: string): string {
  return `${address} ${account}`;
}
