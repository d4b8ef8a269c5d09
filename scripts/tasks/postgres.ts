import { startPostgres } from "../postgres.ts";

/** Keeps a throw-away server running until it is stopped, for working on tests that need one. */
export async function postgres(): Promise<number> {
  const server = await startPostgres((line) => process.stderr.write(`bursar: ${line}\n`));
  process.stdout.write(`export BURSAR_TEST_POSTGRES=${server.url}\n`);
  process.stderr.write("bursar: running until Ctrl-C\n");
  await new Promise((resolve) => {
    // A listener alone does not keep a process alive; an open server's pipe does.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, resolve);
  });
  await server.stop();
  return 0;
}
