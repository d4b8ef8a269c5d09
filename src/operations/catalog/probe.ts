import { z } from "zod";

import { isFailure } from "../../domain/index.ts";
import { probe } from "../../source/index.ts";
import { updateConnection, type ConnectionRow } from "../../store/index.ts";
import { checklist, checklistOf, keptChecklist } from "../capabilities.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";
import { chosenConnections } from "../sync-connections.ts";
import { upstreamOf } from "../upstream-of.ts";

const probed = checklist.extend({ connection: z.string(), organizationId: z.string(), organizationName: z.string() });

export const probeConnection = defineOperation({
  id: "probe",
  title: "Probe",
  summary: "Asks every stream for as little as possible, to tell what each connection can read and why not.",
  input: z.object({ connection: z.string().optional() }),
  output: z.object({ connections: z.array(probed) }),
  permission: "credentials",
  effect: "write",
  audit: {
    event: "credential.probed",
    facts: ({ connections }) => ({ connections: connections.map(({ connection }) => connection) }),
  },
  async run(context, { connection }) {
    const connections: z.output<typeof probed>[] = [];
    for (const row of await chosenConnections(context, connection)) connections.push(await probeOne(context, row));
    return { connections };
  },
});

async function probeOne(context: OperationContext, row: ConnectionRow): Promise<z.output<typeof probed>> {
  const { store, scope, clock } = context;
  const { client, close } = await context.keyring.clientFor(row, upstreamOf(context, row));
  const mark = (changes: Partial<Omit<ConnectionRow, "connectionId">>) =>
    store.write((tx) => updateConnection(tx, scope, row.connectionId, changes));
  try {
    const found = await probe(client, clock.now(), context.signal);
    await mark({ state: "active", capabilities: keptChecklist(found), lastUsedAt: clock.now() });
    return {
      connection: row.name,
      organizationId: row.organizationId,
      organizationName: row.organizationName,
      ...checklistOf(found),
    };
  } catch (thrown) {
    if (isFailure(thrown, "source.credential_refused")) await mark({ state: "invalid", lastUsedAt: clock.now() });
    throw thrown;
  } finally {
    await close();
  }
}
