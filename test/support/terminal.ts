import { expect } from "vitest";

import { runCli, type World } from "../../src/cli/index.ts";
import type { OperationContext } from "../../src/operations/index.ts";

/** What a command line writes over an open record, in this process; it must succeed without a complaint. */
export async function writtenBy(context: OperationContext, argv: readonly string[]): Promise<string> {
  const said: string[] = [];
  const complaints: string[] = [];
  const refuse = () => Promise.reject(new Error("not asked for here"));
  const world: World = {
    io: {
      stdin: process.stdin,
      env: {},
      canRedraw: false,
      color: false,
      columns: () => 200,
      out: async (text) => void said.push(text),
      err: (text) => void complaints.push(text),
    },
    version: "0.0.0",
    dataPlace: () => ({ dataDir: "/nonexistent", isEmbedded: true }),
    open: async () => ({ context, dataDir: "/nonexistent", origin: "http://127.0.0.1", close: async () => {} }),
    serve: refuse,
    witness: refuse,
    mcp: refuse,
  };
  expect([await runCli(argv, world, new AbortController().signal), complaints]).toEqual([0, []]);
  return said.join("");
}
