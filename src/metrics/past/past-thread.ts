import { parentPort } from "node:worker_threads";

import { isFailure, NAMED } from "../../domain/index.ts";
import { openStore } from "../../store/index.ts";
import { projectPast } from "./project.ts";
import type { ThreadOrder, ThreadReply } from "./projecting.ts";

/** Beside the server: builds the past that it is sent for, one after the other. */
parentPort?.on("message", (order: ThreadOrder) => {
  void reply(order).then((answer) => parentPort?.postMessage(answer, []));
});

async function reply({ place, tenantId, tenant, ...order }: ThreadOrder): Promise<ThreadReply> {
  try {
    // Of the record itself only versions are read: whatever rows it has may be of another kind.
    const store = await openStore({ ...place, tables: [], readonly: true });
    try {
      return { built: await projectPast(store, { tenantId, tenant, principal: "past", privacy: NAMED }, order) };
    } finally {
      await store.close();
    }
  } catch (thrown) {
    if (isFailure(thrown)) return { failed: { code: thrown.code, facts: thrown.facts } };
    return { broken: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
  }
}
