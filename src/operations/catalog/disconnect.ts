import { z } from "zod";

import { Failure, type Scope } from "../../domain/index.ts";
import { findConnection, listConnections, updateConnection, type ConnectionRow, type Tx } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { purgeOrganization } from "../purge-organization.ts";

export const disconnect = defineOperation({
  id: "disconnect",
  title: "Disconnect",
  summary: "Destroys a connection's key. What was read stays, unless it is to be purged.",
  input: z.object({
    connection: z.string(),
    /** Erase everything that was read of its organization. */
    purge: z.boolean().default(false),
  }),
  output: z.object({
    connection: z.string(),
    organizationId: z.string(),
    /** False: it had no key any more. */
    keyDestroyed: z.boolean(),
    /** Versions of records whose content was erased; null when nothing was to be purged. */
    purged: z.int().nullable(),
  }),
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
    const { store, scope, keyring } = context;
    const { organizationId, keyDestroyed } = await store.write(async (tx) => {
      const row = await findConnection(tx, scope, name);
      if (row === null) throw new Failure("store.unknown_connection", { name });
      if (purge) await refuseWhileShared(tx, scope, row);
      const keyDestroyed = row.state !== "disconnected";
      if (keyDestroyed) {
        await keyring.destroy(tx, scope, row.connectionId);
        await updateConnection(tx, scope, row.connectionId, { state: "disconnected", fingerprint: null, last4: null });
      }
      return { organizationId: row.organizationId, keyDestroyed };
    });
    const purged = purge ? await purgeOrganization(context, organizationId) : null;
    return { connection: name, organizationId, keyDestroyed, purged };
  },
});

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
