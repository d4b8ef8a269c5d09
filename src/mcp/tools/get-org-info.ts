import { z } from "zod";

import { catalog } from "../../operations/index.ts";
import { where } from "../admin/familiar.ts";
import { askObjects, listText, objectList, told } from "../admin/objects.ts";
import { defineTool } from "../define-tool.ts";

export const getOrgInfo = defineTool({
  name: "claude_code_get_org_info",
  title: "Get the organization",
  description: "The Anthropic organizations that are read: id, name, and the connections that read them.",
  input: z.object(where),
  output: z.object(objectList),
  permission: "read",
  effect: "read",
  list: "rows",
  async run(call, { organization, live }) {
    const found = await askObjects(call, { kind: "organization", organization, live });
    const { connections } = await call.ask(await catalog.listConnections(), {});
    const rows = found.rows.map((row) => ({
      ...row,
      connections: connections
        .filter(({ organizationId }) => organizationId === row["id"])
        .map(({ connection, kind, state }) => ({ connection, kind, state })),
    }));
    return {
      text: listText(found, rows.length, { rows, notes: [] }, (row) => `${told(row, "id")}, ${told(row, "name")}`),
      data: { rows, ...found.fresh },
      notes: found.notes,
    };
  },
});
