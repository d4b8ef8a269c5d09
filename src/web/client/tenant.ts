const KEY = "bursar-tenant";

/** The tenant that was chosen last in this browser, or null for the account's first. */
export function chosenTenant(): string | null {
  return globalThis.localStorage?.getItem(KEY) ?? null;
}

/** Goes back to the account's first. */
export function forgetTenant(): void {
  globalThis.localStorage.removeItem(KEY);
}

/** Remembers the tenant. The page is loaded anew: no answer of one tenant may be seen in another. */
export function chooseTenant(name: string): void {
  globalThis.localStorage.setItem(KEY, name);
  globalThis.location.assign("/");
}
