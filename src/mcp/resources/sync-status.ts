import { catalog } from "../../operations/index.ts";
import { defineResource } from "../define-resource.ts";

export const syncStatus = defineResource({
  name: "sync-status",
  uri: "bursar://sync-status",
  title: "Sync status",
  description: "How fresh the record is: every stream of every connection with its coverage, gaps and last error.",
  mimeType: "application/json",
  permission: "read",
  read: async ({ ask }) => ({ data: await ask(await catalog.status(), {}) }),
});
