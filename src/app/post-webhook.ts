import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";

import { Failure } from "../domain/index.ts";

const TIMEOUT_MS = 10_000;

/**
 * Posts a JSON body to an address that an operator chose. Nothing is read of the answer but its status, and no
 * redirect is followed: the body goes where it was meant to or nowhere.
 *
 * @throws Failure `source.upstream_refused` for anything but https, or http to this machine; `source.unavailable` for
 *   an answer other than 2xx; `source.unreachable`
 */
export async function postWebhook(address: string, body: unknown): Promise<void> {
  const url = new URL(address);
  const isLocal = url.protocol === "http:" && LOOPBACK.has(url.hostname);
  if (url.protocol !== "https:" && !isLocal) {
    throw new Failure("source.upstream_refused", { value: url.origin, problem: "not https" });
  }
  const status = await post(url, JSON.stringify(body));
  if (status >= 200 && status < 300) return;
  throw new Failure("source.unavailable", { status, message: "the webhook did not take it", requestId: "none" });
}

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);

function post(url: URL, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? requestSecure : requestPlain)(
      url,
      {
        method: "POST",
        headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
        timeout: TIMEOUT_MS,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    const refuse = (cause: string) => reject(new Failure("source.unreachable", { host: url.host, cause }));
    request.on("timeout", () => request.destroy(new Error("no answer in time")));
    request.on("error", (thrown: NodeJS.ErrnoException) => refuse(thrown.code ?? thrown.message));
    request.end(body);
  });
}
