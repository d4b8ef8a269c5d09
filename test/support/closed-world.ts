import type { Io, World } from "../../src/cli/index.ts";

/** A command line that has nothing to open: for what is answered without a record. */
export function closedWorld(io: Io): World {
  const refuse = () => Promise.reject(new Error("nothing is opened here"));
  return {
    io,
    version: "0.0.0",
    dataPlace: () => ({ dataDir: "/nonexistent", isEmbedded: true }),
    open: refuse,
    serve: refuse,
    witness: refuse,
    mcp: refuse,
  };
}
