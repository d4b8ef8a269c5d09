import { z } from "zod";

import { dollars, picoUsdFromDollars, tryDay } from "../domain/index.ts";
import type { Scope } from "../domain/index.ts";
import type { LicenceTerms } from "../metrics/index.ts";
import { getSetting, setSetting, type Tx, type WriteTx } from "../store/index.ts";
import { readSettings } from "./tenant-settings.ts";

const KEY = "licence.exceptions";

const kept = z.array(z.object({ person: z.string(), reason: z.string(), until: z.string().nullable() }));

/** Somebody whose licence is not to be taken back: on leave, or for a reason that no report shows. */
export type KeptException = z.output<typeof kept>[number];

export async function readExceptions(tx: Tx, scope: Scope): Promise<KeptException[]> {
  const text = await getSetting(tx, scope, KEY);
  return text === null ? [] : kept.parse(JSON.parse(text));
}

export async function writeExceptions(tx: WriteTx, scope: Scope, exceptions: readonly KeptException[]): Promise<void> {
  await setSetting(tx, scope, KEY, JSON.stringify(exceptions));
}

/** What the tenant decided about licences; the price is dollars a month, or null. */
export async function readLicenceTerms(
  tx: Tx,
  scope: Scope,
): Promise<LicenceTerms & { readonly seatPriceUsd: string | null }> {
  const { graceDays, idleDays, seatPriceUsd } = await readSettings(tx, scope);
  const exceptions = await readExceptions(tx, scope);
  return {
    graceDays,
    idleDays,
    seatPriceUsd,
    exceptions: new Map(
      exceptions.map(({ person, reason, until }) => [person, { reason, until: until === null ? null : tryDay(until) }]),
    ),
  };
}

/** What so many seats cost a month. */
export function seatsUsd(seats: number, seatPriceUsd: string): string {
  return dollars(picoUsdFromDollars(seatPriceUsd).picoUsd * BigInt(seats));
}
