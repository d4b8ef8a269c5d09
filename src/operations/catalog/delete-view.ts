import { z } from "zod";

import { deleteView, findView } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { unknownView } from "../money/views.ts";

export const deleteViewOperation = defineOperation({
  id: "deleteView",
  title: "Delete a view",
  summary: "Forgets one of the caller's own saved views.",
  input: z.object({ id: z.string() }),
  output: z.object({ deleted: z.string() }),
  permission: "own",
  effect: "write",
  audit: "none: the caller's own filters; changes no figure and nobody's rights",
  run: ({ store, scope, caller }, { id }) =>
    store.write(async (tx) => {
      const found = await findView(tx, scope, id);
      if (found?.owner !== caller.id) throw unknownView();
      await deleteView(tx, scope, id);
      return { deleted: id };
    }),
});
