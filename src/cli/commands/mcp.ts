import { Failure } from "../../domain/index.ts";
import type { Command } from "../command.ts";

export const mcp: Command = {
  args: [["[rest...]", "whatever comes after"]],
  examples: ["bursar mcp"],
  run: async () => {
    throw new Failure("input.invalid", {
      field: "mcp",
      problem: "the MCP server is not part of this version; it comes with a later one",
      remedy: "Until then use the command line with --json.",
    });
  },
};
