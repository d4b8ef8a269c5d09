import { ownAddress } from "./own-address.ts";

/** The page that was wanted before something else came first. */
export function nextPage(): string | null {
  return new URLSearchParams(globalThis.location.search).get("next");
}

/** Loads the page that was wanted, or another one: nothing that was asked before is kept. */
export function leaveFor(otherwise: string): void {
  globalThis.location.assign(ownAddress(nextPage() ?? otherwise, globalThis.location.origin));
}
