import { z } from "zod";

import { listedNames } from "../../metrics/index.ts";
import { defineOperation } from "../define.ts";
import { mayNameKeys } from "../privacy.ts";

export const memberNames = defineOperation({
  id: "memberNames",
  title: "Names of members",
  summary: "What the ids of workspaces or API keys are called in the Console, as far as the caller may see it.",
  input: z.object({ dimension: z.enum(["workspace", "api_key"]) }),
  output: z.object({ names: z.array(z.object({ id: z.string(), name: z.string() })) }),
  permission: "read",
  effect: "read",
  audit: "none: names of things; keys, which are often named after people, only to those who may see people",
  async run({ store, scope }, { dimension }) {
    if (dimension === "api_key" && !mayNameKeys(scope)) return { names: [] };
    const table = dimension === "workspace" ? "workspaces" : "api_keys";
    const names = await store.read((tx) => listedNames(tx, scope, table));
    return { names: [...names].map(([id, name]) => ({ id, name })) };
  },
});
