import { z } from "zod";

import { Failure, type Scope } from "../../domain/index.ts";
import {
  findConnection,
  listConnections,
  updateConnection,
  type ConnectionRow,
  type Tx,
  type WriteTx,
} from "../../store/index.ts";
import { publishCheckpoint } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";
import { asOnlyWriter } from "../only-writer.ts";
import { purgeOrganization } from "../purge-organization.ts";

const output = z.object({
  connection: z.string(),
  organizationId: z.string(),
  /** False: it had no key any more. */
  keyDestroyed: z.boolean(),
  /** Versions of records whose content was erased; null when nothing was to be purged. */
  purged: z.int().nullable(),
});
type Done = z.output<typeof output>;

export const disconnect = defineOperation({
  id: "disconnect",
  title: "Disconnect",
  summary: "Destroys a connection's key. What was read stays, unless it is to be purged.",
  input: z.object({
    connection: z.string(),
    /** Erase everything that was read of its organization. */
    purge: z.boolean().default(false),
  }),
  output,
  permission: "credentials",
  effect: "write",
  audit: {
    event: ({ keyDestroyed, purged }) =>
      purged !== null ? "organization.purged" : keyDestroyed ? "credential.removed" : null,
    facts: ({ connection, organizationId, purged }) => ({
      connection,
      organization_id: organizationId,
      ...(purged === null ? {} : { versions: purged }),
    }),
  },
  async run(context, { connection: name, purge }) {
    if (!purge) return context.store.write((tx) => destroyKey(tx, context, name));
    // Without it the ledger could not be signed, and under its last checkpoint what is erased would seem to be lost.
    if (context.keyring.lockedBy !== null) throw new Failure("vault.locked", { problem: context.keyring.lockedBy });
    // Both in one transaction: a purge that fails leaves the key, with which it can be tried again.
    return asOnlyWriter(context, (store) =>
      store.write(async (tx) => {
        const row = await findConnection(tx, context.scope, name);
        if (row !== null) await refuseWhileShared(tx, context.scope, row);
        const done = await destroyKey(tx, context, name);
        return { ...done, purged: await purgeOrganization(tx, context, done.organizationId) };
      }),
    );
  },
  async afterTrace(context, { purged }) {
    if (purged !== null) await publishCheckpoint(await context.effects(), context.scope);
  },
});

async function destroyKey(tx: WriteTx, { scope, keyring }: OperationContext, name: string): Promise<Done> {
  const row = await findConnection(tx, scope, name);
  if (row === null) throw new Failure("store.unknown_connection", { name });
  const keyDestroyed = row.state !== "disconnected";
  if (keyDestroyed) {
    await keyring.destroy(tx, scope, row.connectionId);
    await updateConnection(tx, scope, row.connectionId, { state: "disconnected", fingerprint: null, last4: null });
  }
  return { connection: name, organizationId: row.organizationId, keyDestroyed, purged: null };
}

/** Another connection would read it all again. */
async function refuseWhileShared(tx: Tx, scope: Scope, row: ConnectionRow): Promise<void> {
  const other = (await listConnections(tx, scope)).find(
    ({ connectionId, organizationId, state }) =>
      connectionId !== row.connectionId && organizationId === row.organizationId && state !== "disconnected",
  );
  if (other === undefined) return;
  const problem = `${other.name} still reads this organization`;
  throw new Failure("input.invalid", {
    field: "purge",
    problem,
    remedy: `Disconnect ${other.name} first; nothing was changed.`,
  });
}
