import { startPostgres } from "../postgres.ts";
import { attachTool } from "../process.ts";
import { keepScratchInMemory } from "../scratch.ts";

/** vitest with the given arguments, and a PostgreSQL server for the tests that ask for one. */
export async function test(args: readonly string[]): Promise<number> {
  const removeScratch = keepScratchInMemory();
  try {
    if (process.env["BURSAR_TEST_POSTGRES"] !== undefined) return await attachTool("vitest", ["run", ...args]);
    const server = await startPostgres((line) => process.stderr.write(`bursar: ${line}\n`));
    try {
      return await attachTool("vitest", ["run", ...args], { BURSAR_TEST_POSTGRES: server.url });
    } finally {
      await server.stop();
    }
  } finally {
    removeScratch();
  }
}
