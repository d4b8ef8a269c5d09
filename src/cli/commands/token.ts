import { Failure } from "../../domain/index.ts";
import type { Command } from "../command.ts";

export const token: Command = {
  args: [["[rest...]", "whatever comes after"]],
  examples: ["bursar token"],
  run: async () => {
    throw new Failure("input.invalid", {
      field: "token",
      problem: "API tokens are not part of this version; they come with the API in a later one",
      remedy: "Until then use the command line with --json.",
    });
  },
};
