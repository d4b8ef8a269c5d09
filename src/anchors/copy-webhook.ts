import { Failure } from "../domain/index.ts";
import type { Outbound } from "./outbound.ts";
import type { AnchorPost } from "./way.ts";

/** A receiver that keeps checkpoints: it is posted `{"source","kind","origin","size","checkpoint"}` as JSON. */
export function copyToWebhook(outbound: Outbound, url: URL): AnchorPost {
  return {
    kind: "copy",
    target: "webhook",
    async hand({ origin, size, note }) {
      const { status } = await outbound.send({
        method: "POST",
        url,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ source: "bursar", kind: "checkpoint", origin, size, checkpoint: note }),
        largest: 64 * 1024,
      });
      if (status < 200 || status >= 300) {
        throw new Failure("anchor.unreachable", { host: url.host, problem: `status ${status}` });
      }
      return { state: "copied", proof: null, facts: { to: "webhook" } };
    },
  };
}
