import { z } from "zod";

import { listAnchors, logState } from "../../store/index.ts";
import { anchorRow, anchorsOf, anchorsView, viewOf } from "../anchoring/view.ts";
import { defineOperation } from "../define.ts";

const MOST = 500;

export const listAnchorsOperation = defineOperation({
  id: "listAnchors",
  title: "List anchors",
  summary: "Where each signed checkpoint stands with witnesses, time stamps and auditors, the newest first.",
  input: z.object({
    before: z.int().min(0).optional().describe("of checkpoints of fewer leaves than this"),
    limit: z.int().min(1).max(MOST).default(100),
  }),
  output: z.object({ now: anchorsView, anchors: z.array(anchorRow) }),
  permission: "audit",
  effect: "read",
  fresh: true,
  audit: "none: names of services and times, no content",
  run: ({ store, scope, clock }, { before, limit }) =>
    store.read(async (tx) => {
      const log = await logState(tx, scope);
      const query = { limit, ...(before === undefined ? {} : { below: before }) };
      const rows = log === null ? [] : await listAnchors(tx, scope, { origin: log.origin, ...query });
      return { now: await anchorsOf(tx, scope, clock.now()), anchors: rows.map(viewOf) };
    }),
});
