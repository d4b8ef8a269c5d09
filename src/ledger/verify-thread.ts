/** A thread that checks one part of an export after the other; `verify-workers.ts` starts it. */
import { parentPort } from "node:worker_threads";

import { checkPart, type PartOrder } from "./verify-part.ts";

// What goes wrong in it ends the thread, and says so to whoever started it.
parentPort?.on("message", (order: PartOrder) => void answer(order));

async function answer(order: PartOrder): Promise<void> {
  const report = await checkPart(order);
  parentPort?.postMessage(report, [report.chain.words.buffer]);
}
