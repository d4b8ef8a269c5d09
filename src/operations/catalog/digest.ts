import { z } from "zod";

import { stateDigest } from "../../sync/index.ts";
import { defineOperation } from "../define.ts";

export const digest = defineOperation({
  id: "digest",
  title: "State digest",
  summary: "One hash over everything that the record says: two stores with one digest answer alike.",
  input: z.object({}),
  output: z.object({ digest: z.string() }),
  permission: "operate",
  effect: "read",
  audit: "none: a hash tells nothing of what it was made from",
  run: async ({ store, scope, streams }) => ({ digest: await stateDigest(store, scope, streams) }),
});
