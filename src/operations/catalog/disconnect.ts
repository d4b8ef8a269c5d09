import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { findConnection, updateConnection } from "../../store/index.ts";
import { defineOperation } from "../define.ts";

export const disconnect = defineOperation({
  id: "disconnect",
  title: "Disconnect",
  summary: "Destroys a connection's key. What was read stays.",
  input: z.object({ connection: z.string() }),
  output: z.object({
    connection: z.string(),
    organizationId: z.string(),
    /** False: it had no key any more. */
    keyDestroyed: z.boolean(),
  }),
  permission: "credentials",
  effect: "write",
  audit: {
    event: ({ keyDestroyed }) => (keyDestroyed ? "credential.removed" : null),
    facts: ({ connection, organizationId }) => ({ connection, organization_id: organizationId }),
  },
  run: ({ store, scope, keyring }, { connection: name }) =>
    store.write(async (tx) => {
      const row = await findConnection(tx, scope, name);
      if (row === null) throw new Failure("store.unknown_connection", { name });
      const keyDestroyed = row.state !== "disconnected";
      if (keyDestroyed) {
        await keyring.destroy(tx, scope, row.connectionId);
        await updateConnection(tx, scope, row.connectionId, { state: "disconnected", fingerprint: null, last4: null });
      }
      return { connection: name, organizationId: row.organizationId, keyDestroyed };
    }),
});
