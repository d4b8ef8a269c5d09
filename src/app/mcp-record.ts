import { systemClock } from "../domain/index.ts";
import { loadKeptAnswers, type OpenedSession } from "../mcp/index.ts";
import { LookTrail } from "../operations/index.ts";
import { openSession, type ComposeOptions } from "./compose.ts";
import type { McpProcess } from "./mcp-session.ts";
import { random } from "./random.ts";
import { runSyncProcess } from "./sync-process.ts";
import { SyncRunner } from "./sync-runner.ts";

/** What the calls of an MCP client on stdio work with. */
export interface McpRecord extends OpenedSession {
  close(): Promise<void>;
}

/** Opens the record of the operator. @throws Failure `store.no_connection` where there is none, `store.*` */
export async function openRecord(
  { settings, globals, env, version, log, signal }: McpProcess,
  principal: string,
): Promise<McpRecord> {
  const { tenant } = globals;
  const options: ComposeOptions = {
    settings,
    tenant,
    env,
    version,
    log,
    signal,
    principal,
    mode: "change",
    note: () => {},
  };
  const session = await openSession(options);
  const syncs = new SyncRunner({
    clock: systemClock,
    random,
    start: (name, order, onProgress) => runSyncProcess({ settings, env, globals }, name, order, onProgress),
  });
  const KeptAnswers = await loadKeptAnswers();
  return {
    context: session.context,
    kept: new KeptAnswers(),
    looks: new LookTrail(systemClock),
    syncs,
    async close() {
      await syncs.end();
      await session.close();
    },
  };
}
