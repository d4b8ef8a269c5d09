import type { Check } from "../findings.ts";
import { anomalies } from "./anomalies.ts";
import { budgets } from "./budgets.ts";
import { cacheWaste } from "./cache-waste.ts";
import { concentratedSpend } from "./concentrated-spend.ts";
import { idlePeople } from "./idle-people.ts";
import { lateData } from "./late-data.ts";
import { modelShift } from "./model-shift.ts";
import { priceUnknown } from "./price-unknown.ts";
import { spendWithoutOutput } from "./spend-without-output.ts";
import { staleKeys } from "./stale-keys.ts";
import { unattributedSpend } from "./unattributed-spend.ts";

/** Every check, in the order in which they are made. */
export const checks: readonly Check[] = [
  budgets,
  cacheWaste,
  modelShift,
  unattributedSpend,
  concentratedSpend,
  spendWithoutOutput,
  anomalies,
  priceUnknown,
  idlePeople,
  staleKeys,
  lateData,
];
