import { z } from "zod";

import { capabilitiesOf, connectionCapabilities } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { listed, paragraphs, quoted } from "../record/words.ts";

export const getCapabilities = defineTool({
  name: "claude_code_get_capabilities",
  title: "Get capabilities",
  description:
    "What can be read at all, connection by connection and why not the rest, and what you may see here. Ask it when something is missing or refused.",
  input: z.object({}),
  output: z.object({
    capabilities: z.looseObject({}),
    connections: z.array(z.looseObject({})),
    caller: z.looseObject({ permissions: z.array(z.string()) }),
  }),
  permission: "read",
  effect: "read",
  async run({ context }) {
    const { caller, scope } = context;
    const capabilities = await capabilitiesOf(context);
    const connections = await connectionCapabilities(context);
    const can = Object.entries(capabilities).flatMap(([name, has]) => (has ? [name] : []));
    const seen = { named: "people by name", pseudonymous: "people under pseudonyms", teams: "teams, no single people" };
    return {
      text: paragraphs(
        `Readable: ${can.join(", ")}.`,
        listed(
          connections.map(({ connection, organizationName, state, unreachable }) => {
            const not = unreachable.map(({ stream, outcome }) => `${stream} ${outcome}`).join(", ");
            return `${quoted(connection)} of ${quoted(organizationName)}, ${state}${not === "" ? "" : `; ${not}`}`;
          }),
        ),
        `You may ${[...caller.permissions].join(", ")}, and see ${seen[scope.privacy.mode]}.`,
      ),
      data: {
        capabilities,
        connections: connections.map((one) => ({ ...one })),
        caller: { role: caller.role, permissions: [...caller.permissions], privacyMode: scope.privacy.mode },
      },
    };
  },
});
