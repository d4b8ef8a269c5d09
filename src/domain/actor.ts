/** Whose activity a number counts. Numerator and denominator of one ratio always use the same one. */
export type Population = "humans" | "service" | "unmapped" | "all";

export const populations: readonly Population[] = ["humans", "service", "unmapped", "all"];

/** Who an actor is, once e-mails, aliases and key owners are applied. */
export type Identity =
  | { readonly population: "humans"; readonly person: string }
  | { readonly population: "service"; readonly service: string }
  | { readonly population: "unmapped"; readonly label: string };

/**
 * An e-mail as it identifies a person: trimmed and in lower case, nothing else.
 *
 * Plus-tags and dots stay: two mailboxes are two people until somebody says otherwise.
 */
export function normalizedEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** The two halves of an interned actor such as `user:ada@example.com` or `key:ci-bot`. */
export function splitActor(actor: string): { readonly kind: string; readonly name: string } {
  const colon = actor.indexOf(":");
  return colon < 0 ? { kind: "", name: actor } : { kind: actor.slice(0, colon), name: actor.slice(colon + 1) };
}
