import { z } from "zod";

import { listMembers } from "../../store/index.ts";
import { accountSaid, accountShape } from "../accounts.ts";
import { defineOperation } from "../define.ts";

export const listAccounts = defineOperation({
  id: "listAccounts",
  title: "List accounts",
  summary: "Who may sign in to this tenant, as what, and when they last did.",
  input: z.object({}),
  output: z.object({ accounts: z.array(accountShape) }),
  permission: "accounts",
  effect: "read",
  fresh: true,
  audit: "none: who may sign in, for those who decide it; nothing of anybody's usage",
  run: async ({ store, scope }) => {
    const members = await store.read((tx) => listMembers(tx, scope));
    return { accounts: members.map(accountSaid) };
  },
});
