import { z } from "zod";

import { damagedTables } from "../../store/index.ts";
import { defineOperation } from "../define.ts";

export const inspectDatabase = defineOperation({
  id: "inspectDatabase",
  title: "Inspect the database",
  summary: "Reads every page of a database file and names the tables whose pages are damaged.",
  input: z.object({ dataDir: z.string().min(1) }),
  output: z.object({ damaged: z.array(z.object({ table: z.string(), problem: z.string() })) }),
  permission: "operate",
  localInputs: ["dataDir"],
  effect: "read",
  fresh: true,
  audit: "none: it looks at pages and at nothing in them, also where no ledger can be opened",
  run: async (_, { dataDir }) => ({ damaged: damagedTables(dataDir) }),
});
