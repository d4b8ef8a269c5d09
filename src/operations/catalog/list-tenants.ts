import { z } from "zod";

import { listTenants } from "../../store/index.ts";
import { defineOperation } from "../define.ts";

export const listTenantsOperation = defineOperation({
  id: "listTenants",
  title: "List tenants",
  summary: "The tenants of this installation.",
  input: z.object({}),
  output: z.object({ tenants: z.array(z.object({ name: z.string(), createdAt: z.string() })) }),
  permission: "operate",
  effect: "read",
  audit: "none: names of tenants only",
  run: async ({ store }) => {
    const rows = await store.read((tx) => listTenants(tx));
    return { tenants: rows.map(({ name, createdAt }) => ({ name, createdAt: new Date(createdAt).toISOString() })) };
  },
});
