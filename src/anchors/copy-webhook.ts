import type { Outbound } from "./outbound.ts";
import { postJson } from "./post-json.ts";
import type { AnchorPost } from "./way.ts";

/** A receiver that keeps checkpoints: it is posted `{"source","kind","origin","size","checkpoint"}` as JSON. */
export function copyToWebhook(outbound: Outbound, url: URL): AnchorPost {
  return {
    kind: "copy",
    target: "webhook",
    async hand({ origin, size, note }) {
      await postJson(outbound, url, { source: "bursar", kind: "checkpoint", origin, size, checkpoint: note });
      return { state: "copied", proof: null, facts: { to: "webhook" } };
    },
  };
}
