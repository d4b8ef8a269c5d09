import { catalog } from "../../operations/index.ts";
import { defineResource } from "../define-resource.ts";

export const person = defineResource({
  name: "person",
  uri: "bursar://people/{personId}{?from,to}",
  title: "A person",
  description: "One person's usage over the last 30 days, or from a day to another: teams, keys, models, tools, days.",
  mimeType: "application/json",
  permission: "people",
  completes: { personId: "personId" },
  read: async ({ ask }, { personId, from, to }) => ({
    data: await ask(await catalog.personUsage(), { personId, from, to }),
  }),
});
