import { Failure } from "../domain/index.ts";
import type { Outbound } from "./outbound.ts";

/**
 * Posts JSON to a receiver. Nothing is read of its answer but whether it took it.
 *
 * @throws Failure `anchor.address`, `anchor.unreachable`; neither tells the address, which may hold a secret of its owner
 */
export async function postJson(outbound: Outbound, url: URL, body: unknown): Promise<void> {
  const { status } = await outbound.send({
    method: "POST",
    url,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    largest: 64 * 1024,
  });
  if (status >= 200 && status < 300) return;
  throw new Failure("anchor.unreachable", { host: url.host, problem: `status ${status}` });
}
