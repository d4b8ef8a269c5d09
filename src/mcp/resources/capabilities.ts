import { capabilitiesOf } from "../../operations/index.ts";
import { defineResource } from "../define-resource.ts";

export const capabilities = defineResource({
  name: "capabilities",
  uri: "bursar://capabilities",
  title: "What can be asked here",
  description: "Which kinds of data the connected keys give, and what you may do with them.",
  mimeType: "application/json",
  permission: "read",
  read: async ({ context }) => ({
    data: { anthropic: await capabilitiesOf(context), permissions: [...context.caller.permissions] },
  }),
});
