import type { Clock, Random } from "../domain/index.ts";
import { insertLink, withdrawLinks, type OneTimeLinkRow, type WriteTx } from "../store/index.ts";
import { newOpaque } from "./secrets.ts";

const MINUTE = 60_000;

/** How long a link works unless it is used before. */
const LIFE_MS: Readonly<Record<OneTimeLinkRow["purpose"], number>> = {
  setup: 60 * MINUTE,
  "sign-in": 60 * MINUTE,
  // It has to be sent to somebody, who has to read it.
  invitation: 24 * 60 * MINUTE,
};

export interface IssuedLink {
  /** Stands behind `/sign-in#link=`; kept nowhere. */
  readonly token: string;
  readonly purpose: OneTimeLinkRow["purpose"];
  readonly expiresMs: number;
}

/** Makes a link; earlier ones for the same that were not used stop working. */
export async function issueLink(
  tx: WriteTx,
  { clock, random }: { readonly clock: Pick<Clock, "now">; readonly random: Random },
  link: { readonly purpose: "setup" } | { readonly purpose: "invitation" | "sign-in"; readonly accountId: string },
): Promise<IssuedLink> {
  const { purpose } = link;
  const accountId = purpose === "setup" ? null : link.accountId;
  const { token, hash } = newOpaque(random);
  const createdMs = clock.now();
  const expiresMs = createdMs + LIFE_MS[purpose];
  await withdrawLinks(tx, purpose === "setup" ? { purpose } : { accountId: link.accountId });
  await insertLink(tx, hash, { purpose, accountId, createdMs, expiresMs, usedMs: null });
  return { token, purpose, expiresMs };
}

/** The address that a person opens. Behind the `#` it reaches no server, no log and no other site. */
export function linkAddress(origin: string, token: string): string {
  return `${origin}/sign-in#link=${token}`;
}
