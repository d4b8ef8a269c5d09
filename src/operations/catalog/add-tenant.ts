import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { ensureTenant, findTenant } from "../../store/index.ts";
import { defineOperation } from "../define.ts";

export const tenantName = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    "is no tenant name: use 1 to 63 lower-case letters, digits and dashes",
  );

export const addTenant = defineOperation({
  id: "addTenant",
  title: "Add a tenant",
  summary: "Makes a tenant with a ledger, keys and connections of its own.",
  input: z.object({ name: tenantName }),
  output: z.object({ name: z.string(), createdAt: z.string() }),
  permission: "operate",
  effect: "write",
  audit: { event: "tenant.added", facts: ({ name }) => ({ tenant: name }) },
  run: ({ store, clock }, { name }) =>
    store.write(async (tx) => {
      if (await findTenant(tx, name)) throw new Failure("store.name_taken", { field: "tenant", name });
      const row = await ensureTenant(tx, name, clock.now());
      return { name: row.name, createdAt: new Date(row.createdAt).toISOString() };
    }),
});
