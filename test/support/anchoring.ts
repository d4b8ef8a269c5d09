import { join } from "node:path";

import { WitnessFolder } from "../../src/app/witness-folder.ts";
import { witnessServer } from "../../src/app/witness-server.ts";
import { HttpServer } from "../../src/app/http-server.ts";
import { silentLog, type Clock } from "../../src/domain/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { appendAudit, publishCheckpoint } from "../../src/sync/index.ts";
import { testRandom } from "./bursar.ts";
import { virtualClock, type VirtualClock } from "./clock.ts";

/** A context with a clock that only the test moves, and this machine as the operator's own. */
export function timed(
  context: OperationContext,
  clock: VirtualClock = virtualClock(Date.parse("2026-11-21T12:00:00Z")),
): OperationContext & { readonly clock: VirtualClock } {
  const outside = { ...context.outside, privateHosts: ["127.0.0.1"], timeoutMs: 2_000 };
  const unguarded = { ...context.unguarded, clock };
  return { ...context, clock, outside, unguarded, effects: async () => ({ ...(await context.effects()), clock }) };
}

/** Something happens, and is signed as at the end of a sync. */
export async function recordSomething(context: OperationContext, what = "test.happened"): Promise<number> {
  const effects = await context.effects();
  await appendAudit(effects, context.scope, { event: what });
  return publishCheckpoint(effects, context.scope);
}

export async function settings(context: OperationContext, changed: Record<string, unknown>): Promise<void> {
  await runOperation(context, await catalog.changeSettings(), { settings: changed });
}

export async function ledgerSummary(context: OperationContext) {
  return runOperation(context, await catalog.ledgerSummary(), {});
}

export interface RunningWitness {
  readonly url: string;
  readonly vkey: string;
  readonly dir: string;
  /** As a line of the setting. */
  readonly line: string;
  close(): Promise<void>;
}

/** A witness of ours for these logs, over HTTP. */
export async function startWitness(dir: string, logs: readonly string[], clock: Clock): Promise<RunningWitness> {
  const folder = await WitnessFolder.open({
    dir,
    name: `witness.example/${dir.split("/").at(-1)}`,
    logs,
    clock,
    random: testRandom,
  });
  const server = await HttpServer.listen({ host: "127.0.0.1", port: 0 }, false);
  server.answerWith(witnessServer(folder, silentLog));
  return {
    url: server.url,
    vkey: folder.vkey,
    dir,
    line: `${server.url} ${folder.vkey}`,
    close: async () => {
      await server.close();
      await folder.close();
    },
  };
}

/** The ledger as a stranger gets it. */
export async function exported(context: OperationContext, folder: string): Promise<string> {
  const dir = join(folder, `export-${testRandom.bytes(4).toString("hex")}`);
  await runOperation(context, await catalog.exportLedger(), { dir });
  return dir;
}
