import { z } from "zod";

import { getSetting, setSetting, type Tx, type WriteTx } from "../store/index.ts";
import type { Scope } from "../domain/index.ts";

const NAME = "ledger.verified";

/** What the last check of the whole live record found. */
export const verification = z.object({
  at: z.string(),
  ok: z.boolean(),
  size: z.int().describe("leaves that were checked"),
  root: z.string(),
  leaves: z.record(z.string(), z.int()).describe("by kind"),
  erased: z.int(),
  rowsChecked: z.int().nullable(),
  failureCount: z.int(),
  failures: z.array(z.object({ file: z.string(), index: z.int().optional(), what: z.string() })).readonly(),
});

type Verification = z.output<typeof verification>;

/** Kept beside the ledger and not in it: a check must not change what it checks. */
export async function keepVerification(tx: WriteTx, scope: Scope, found: Verification): Promise<void> {
  await setSetting(tx, scope, NAME, JSON.stringify(found));
}

export async function lastVerification(tx: Tx, scope: Scope): Promise<Verification | null> {
  const kept = await getSetting(tx, scope, NAME);
  // Another version may have written it otherwise: then it is as if none had been made.
  const read = kept === null ? undefined : verification.safeParse(JSON.parse(kept));
  return read?.success === true ? read.data : null;
}
