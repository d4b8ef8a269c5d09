import { z } from "zod";

import { keepVerification, verification } from "../last-verification.ts";
import { verifyLive } from "../verify-live.ts";
import { defineOperation } from "../define.ts";

export const verifyLedger = defineOperation({
  id: "verifyLedger",
  title: "Verify the ledger now",
  summary:
    "Checks every byte of the live ledger and every row that stands on it, and remembers what was found and when.",
  input: z.object({}),
  output: verification,
  permission: "audit",
  effect: "write",
  audit: "none: a check shows no content, and must not change what it checks",
  async run(context) {
    const { store, scope, clock } = context;
    const { ok, size, root, leaves, erased, rowsChecked, failureCount, failures } = await verifyLive(context, {});
    const at = new Date(clock.now()).toISOString();
    const found = { at, ok, size, root, leaves, erased, rowsChecked, failureCount, failures: failures.slice(0, SHOWN) };
    await store.write((tx) => keepVerification(tx, scope, found));
    return found;
  },
});

const SHOWN = 20;
