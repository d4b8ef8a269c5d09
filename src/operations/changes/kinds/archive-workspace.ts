import { z } from "zod";

import { counted } from "../../../domain/index.ts";
import { idArgument } from "../arguments.ts";
import { defineChange, type Consequence } from "../define-change.ts";
import { isActive, keysAbout } from "../key-facts.ts";
import { refuseDefault, workspaceThere } from "../objects.ts";

export const archiveWorkspace = defineChange({
  name: "archive_workspace",
  title: "Archive a workspace",
  summary: "Ends a workspace for good and revokes all of its keys at once.",
  input: z.strictObject({ workspace_id: idArgument("wrkspc_01…") }),
  lists: ["workspaces", "api_keys"],
  async plan(world, { workspace_id: workspaceId }) {
    const workspace = await workspaceThere(world, workspaceId);
    refuseDefault(workspace, "The default workspace cannot be archived");
    const keys = (await world.record.keys()).filter((key) => key.workspaceId === workspaceId && isActive(key));
    const members = await world.record.membersOf(workspaceId);
    const consequences: Consequence[] = [{ says: "This cannot be undone." }];
    if (workspace.isClaudeCode)
      consequences.push({ says: "Nobody can sign in to Claude Code with the Console's billing any more." });
    consequences.push(
      keys.length === 0
        ? { says: "No active key of it is known." }
        : { says: `Its active keys stop working at once, ${keys.length} in all`, about: keysAbout(keys) },
      { says: `${counted(members, "person has", "people have")} it no longer. What it used stays in the reports.` },
    );
    return [
      {
        kind: "archive_workspace",
        title: "Archive a workspace",
        target: { kind: "workspace", id: workspaceId, name: workspace.name },
        request: { method: "POST", path: `/v1/organizations/workspaces/${workspaceId}/archive`, body: null },
        before: workspace.state,
        after: { ...workspace.state, archived: true },
        consequences,
        isReversible: false,
        look: workspace.look,
        touches: [workspaceId, ...keys.map(({ keyId }) => keyId)],
        gives: null,
        isOwn: false,
      },
    ];
  },
});
