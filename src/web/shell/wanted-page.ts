import { ownAddress } from "./own-address.ts";

const NAME = "bursar-wanted";

/**
 * Remembers in this tab which page was wanted, while its person is away at the organization's sign-in: that one leads
 * back to the first page, whatever was asked for.
 */
export function rememberWanted(address: string): void {
  globalThis.sessionStorage.setItem(NAME, address);
}

/** Turns the first page into the one that was wanted before, once. */
export function goToWanted(): void {
  const { location, history, sessionStorage } = globalThis;
  const wanted = sessionStorage.getItem(NAME);
  if (wanted === null || location.pathname !== "/") return;
  sessionStorage.removeItem(NAME);
  history.replaceState(null, "", ownAddress(wanted, location.origin));
}
