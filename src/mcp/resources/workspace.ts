import { Failure } from "../../domain/index.ts";
import { catalog } from "../../operations/index.ts";
import { DEFAULT_WORKSPACE } from "../completions.ts";
import { defineResource } from "../define-resource.ts";

export const workspace = defineResource({
  name: "workspace",
  uri: "bursar://workspaces/{workspaceId}{?from,to}",
  title: "A workspace",
  description: `One workspace with members, keys, tokens and cost over the last 30 days; ${DEFAULT_WORKSPACE} is the one without an id.`,
  mimeType: "application/json",
  permission: "read",
  completes: { workspaceId: "workspaceId" },
  async read({ ask }, { workspaceId, from, to }) {
    const { rows, total: _, ...rest } = await ask(await catalog.listWorkspaces(), { from, to });
    const found = rows.filter(({ id, isDefault }) =>
      workspaceId === DEFAULT_WORKSPACE ? isDefault : id === workspaceId,
    );
    if (found.length === 0) throw new Failure("access.unknown", { what: "workspace" });
    return { data: { ...rest, workspaces: found } };
  },
});
