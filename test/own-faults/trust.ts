import { rename } from "node:fs/promises";
import { join } from "node:path";

import { catalog, runOperation } from "../../src/operations/index.ts";
import { syncExit } from "../support/struck-record.ts";
import type { OwnFault } from "./own-fault.ts";

const OUTSIDE = "nothing is asked of a database";

/** What the ledger is trusted for: rows, its keys, and who else has seen it. */
export const trustFaults: readonly OwnFault[] = [
  {
    id: "F80",
    fault: "a row is edited in the database by hand",
    expected: "verify names leaf and table",
    exit: "1",
    strike: async ({ context }) => {
      const edit = (by: 1 | -1) =>
        context.store.write((tx) =>
          tx.db
            .updateTable("cost_lines")
            .set((eb) => ({ amount_pico: eb("amount_pico", "+", by) }))
            .where("tenant_id", "=", context.scope.tenantId)
            .execute(),
        );
      await edit(1);
      const found = await runOperation(context, await catalog.verify(), {});
      await edit(-1);
      return {
        holds: {
          "it does not verify": !found.ok,
          "the table is named": found.failures.some(({ file }) => file === "table cost_lines"),
        },
        context,
      };
    },
    proofs: [
      { file: "test/e2e/tampering.test.ts", test: "it names table, day and leaf, and ends with 1" },
      { file: "test/ledger/tampering.test.ts", test: "the doctor names table and place of what was edited by hand" },
    ],
    postgres: "tried",
  },
  {
    id: "F81",
    fault: "the kept checkpoint is lost",
    expected: "taken over from the database by an operator's command only; no silent fork",
    exit: "5",
    strike: async ({ context, folder, beside, open }) => {
      await context.store.close();
      await rename(join(folder, "checkpoints"), beside("checkpoints"));
      const lost = await open();
      const refused = await syncExit(lost);
      await runOperation(lost, await catalog.doctor(), { restoreCheckpoint: true });
      await lost.store.close();
      return { holds: { "a sync ends with 5": refused.exit === 5 }, context: await open() };
    },
    proofs: [{ file: "test/e2e/tampering.test.ts", test: "is a person's decision when the checkpoint file was lost" }],
    postgres: "tried",
  },
  {
    id: "F82",
    fault: "the signing key is lost",
    expected: "a new log that names the old one; the old one verifies",
    exit: "5",
    proofs: [
      { file: "test/ledger/new-log.test.ts", test: "is begun with a new key when the old one is lost, and only then" },
      { file: "test/ledger/new-log.test.ts", test: "takes every version over, names the old one, and goes on" },
    ],
    postgres: "not tried: the ledger reads and writes through the store that both engines have",
  },
  {
    id: "F83",
    fault: "a calendar answers 500, hangs, answers garbage, half a proof or one of another message",
    expected: "stays pending or waiting, tried again; never called anchored",
    exit: "—",
    proofs: [
      { file: "src/anchors/open-timestamps.test.ts", test: "a calendar that misbehaves" },
      { file: "test/ledger/anchors.test.ts", test: "hold up nothing, are asked again ever more seldom" },
    ],
    postgres: OUTSIDE,
  },
  {
    id: "F84",
    fault: "a time stamp authority answers 500, garbage, a refusal, a token of other data or of another nonce",
    expected: "rejected; no token is kept as good",
    exit: "—",
    proofs: [{ file: "src/anchors/time-stamp-authority.test.ts", test: "a time stamp authority (openssl ts)" }],
    postgres: OUTSIDE,
  },
  {
    id: "F85",
    fault: "a witness answers 409 smaller, 409 larger, 422, 500 or a wrong signature",
    expected: "smaller is answered from there; larger or 422 stop the signing and raise an alarm",
    exit: "—",
    proofs: [
      { file: "src/anchors/witness.test.ts", test: "409 with a size" },
      { file: "src/anchors/witness.test.ts", test: "other answers" },
      { file: "test/ledger/anchors.test.ts", test: "that hold another history stop the signing, not the recording" },
    ],
    postgres: OUTSIDE,
  },
  {
    id: "F86",
    fault: "an anchor is pending for 48 hours",
    expected: "warned of in status, data health and the page",
    exit: "—",
    proofs: [{ file: "test/ledger/anchors.test.ts", test: "F86: what is pending for 48 hours is warned of" }],
    postgres: OUTSIDE,
  },
  {
    id: "F87",
    fault: "an export is killed half way",
    expected: "nothing stands under the final name but a whole export",
    exit: "—",
    proofs: [
      { file: "test/ledger/damaged.test.ts", test: "an export and a backup, killed at any of their steps (F87)" },
      {
        file: "src/ledger/export.test.ts",
        test: "leaves nothing behind when the source is not the tree that was signed",
      },
    ],
    postgres: "the files are ours, whichever engine is read",
  },
];
