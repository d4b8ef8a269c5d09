import { Failure } from "../domain/index.ts";
import { openExchange, type Answer, type TransportOptions } from "./exchange.ts";

/** The readers' way out. */
export interface Transport {
  /** Host and port, for messages. */
  readonly host: string;
  /**
   * @throws Failure `source.read_only`, `source.unreachable`, `source.timeout`, `source.certificate`,
   * `source.body_broken`, `source.body_too_large`, `source.body_unreadable`
   */
  send(
    method: string,
    target: string,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<Answer>;
  close(): Promise<void>;
}

export function openTransport(options: TransportOptions): Transport {
  const exchange = openExchange(options);
  return {
    host: options.upstream.host,
    async send(method, target, headers, signal) {
      // The only place through which a reader's request leaves: whatever the callers believe, nothing is changed here.
      if (method !== "GET") throw new Failure("source.read_only", { method, path: target.split("?", 1)[0] ?? "" });
      return exchange.send({ method, target, headers, signal });
    },
    close: () => exchange.close(),
  };
}
