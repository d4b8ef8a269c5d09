import type { ConnectionRow } from "../store/index.ts";
import type { OperationContext } from "./context.ts";

/** Where a connection's requests go: what the operator says now, else what it was made with. */
export function upstreamOf({ upstream }: OperationContext, row: ConnectionRow): string {
  return upstream.isChosen ? upstream.url : row.upstream;
}
