import type { Command } from "../command.ts";

export const mcp: Command = {
  examples: ["bursar mcp", "claude mcp add bursar -- /opt/bursar/bin/bursar.js mcp --data /srv/bursar-data"],
  run: ({ world, globals, signal }) => world.mcp(globals, signal),
};
