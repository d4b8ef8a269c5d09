import { z } from "zod";

import { changeKinds } from "../changes/kinds/index.ts";
import { changeShape, changeState } from "../changes/shapes.ts";
import { showChange } from "../changes/show-change.ts";
import { defineOperation } from "../define.ts";
import { listChanges } from "../../store/index.ts";

/** Far more than anybody scrolls through; all of them stand in the ledger. */
const MOST = 1_000;

export const listChangesOperation = defineOperation({
  id: "listChanges",
  title: "Changes",
  summary: "Changes at Anthropic that were planned, decided or executed, the latest first, and which kinds there are.",
  input: z.object({
    state: changeState.optional(),
    limit: z.coerce.number().int().min(1).max(MOST).default(MOST).describe("of the latest, whatever their state"),
  }),
  output: z.object({
    isOn: z.boolean().describe("whether anything may be changed at all (BURSAR_ALLOW_WRITES)"),
    kinds: z.array(z.object({ kind: z.string(), title: z.string(), summary: z.string() })),
    rows: z.array(changeShape),
  }),
  permission: "manage",
  effect: "read",
  fresh: true,
  audit: "none: what was planned and done stands in the ledger already",
  async run(context, { state, limit }) {
    const { store, scope, keyring } = context;
    const rows = (await store.read((tx) => listChanges(tx, scope, limit))).map((row) => showChange(row, context));
    return {
      isOn: keyring.writerFor !== undefined,
      kinds: changeKinds.map(({ name, title, summary }) => ({ kind: name, title, summary })),
      rows: rows.filter((row) => state === undefined || row.state === state),
    };
  },
});
