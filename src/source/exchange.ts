import { createGunzip } from "node:zlib";
import { pipeline } from "node:stream/promises";
import type { Readable } from "node:stream";

import type { Agent, Dispatcher } from "undici";

import { Failure, isLoopback } from "../domain/index.ts";
import { bodyFailure, transportFailure } from "./transport-failure.ts";

/** One answer, read to its end. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; of a repeated header the first value. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded. Empty when there is none. */
  readonly body: Buffer;
}

export interface TransportOptions {
  readonly upstream: URL;
  /** For `HTTPS_PROXY` and `NO_PROXY`, either case; this process's by default. `NODE_EXTRA_CA_CERTS` is read by Node itself, at its start. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly timeouts?: Partial<Timeouts>;
  /** Decoded bytes of a body at most. */
  readonly largestBody?: number;
}

export interface Timeouts {
  readonly connectMs: number;
  readonly headersMs: number;
  /** Without a byte. */
  readonly bodyMs: number;
}

/** What goes out. Who may send which method is decided by the transports: nothing else calls this. */
export interface Outgoing {
  readonly method: "GET" | "POST" | "DELETE";
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  /** On a connection of its own: one that lay idle may be closed by the peer while the request is on its way. */
  readonly fresh?: boolean;
}

/** Sends one request and reads its answer whole; knows nothing of tries, keys or JSON. */
export interface Exchange {
  /**
   * @throws Failure `source.unreachable`, `source.timeout`, `source.certificate`, `source.body_broken`,
   * `source.body_too_large`, `source.body_unreadable`
   */
  send(outgoing: Outgoing): Promise<Answer>;
  close(): Promise<void>;
}

const TIMEOUTS: Timeouts = { connectMs: 10_000, headersMs: 30_000, bodyMs: 30_000 };
const LARGEST_BODY = 64 * 1024 * 1024;

export function openExchange(options: TransportOptions): Exchange {
  const { upstream, largestBody = LARGEST_BODY } = options;
  // Loaded with the first request: most commands send none, and undici is a third of what a start would load.
  let opening: Promise<Dispatcher> | undefined;
  const dispatcherOf = () => (opening ??= openDispatcher(options));
  return {
    async send({ method, target, headers, body, signal, fresh = false }) {
      const path = target.split("?", 1)[0] ?? "";
      if (!/^\/v1\/[\x21-\x7e]*$/.test(target)) throw new TypeError("a request target outside /v1");
      const dispatcher = await dispatcherOf();
      const started = await dispatcher
        .request({
          origin: upstream.origin,
          path: target,
          method,
          headers: { ...headers, "accept-encoding": "gzip" },
          body: body ?? null,
          signal: signal ?? null,
          reset: fresh,
        })
        .catch((cause: unknown) => {
          throw aborted(signal) ?? transportFailure(cause, upstream.host);
        });
      const answerHeaders = firstValues(started.headers);
      const read = await readBody(started, answerHeaders, path, largestBody).catch((cause: unknown) => {
        // Ending it early makes the stream tell of an error once more, to nobody.
        started.body.on("error", () => {}).destroy();
        throw aborted(signal) ?? bodyFailure(cause, upstream.host, path);
      });
      return { status: started.statusCode, headers: answerHeaders, body: read };
    },
    close: async () => {
      // What could not be opened has been told to whoever asked.
      await opening?.then((dispatcher) => dispatcher.close()).catch(() => {});
    },
  };
}

/** @throws Failure `app.config` for a proxy that is none. */
async function openDispatcher({
  upstream,
  environment = process.env,
  timeouts,
}: TransportOptions): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import("undici");
  const { connectMs, headersMs, bodyMs } = { ...TIMEOUTS, ...timeouts };
  const options: Agent.Options = {
    connect: { timeout: connectMs },
    headersTimeout: headersMs,
    bodyTimeout: bodyMs,
    // With HTTP/1.1 every body has a length or chunks, so that a cut one is seen.
    allowH2: false,
  };
  const proxy = environment["https_proxy"] || environment["HTTPS_PROXY"];
  // A proxy stands between machines: what is meant for this one stays here.
  if (!proxy || isLoopback(upstream)) return new Agent(options);
  const noProxy = environment["no_proxy"] ?? environment["NO_PROXY"] ?? "";
  try {
    return new EnvHttpProxyAgent({ ...options, httpProxy: "", httpsProxy: proxy, noProxy });
  } catch (cause) {
    // Its value may hold a password, so it is not repeated.
    throw new Failure("app.config", { field: "HTTPS_PROXY", problem: "it is not the address of a proxy" }, { cause });
  }
}

async function readBody(
  answer: Dispatcher.ResponseData,
  headers: Readonly<Record<string, string>>,
  path: string,
  largest: number,
): Promise<Buffer> {
  if (answer.statusCode === 204 || answer.statusCode === 304) {
    await answer.body.dump();
    return Buffer.alloc(0);
  }
  const hasEnd = headers["content-length"] !== undefined || /\bchunked\b/i.test(headers["transfer-encoding"] ?? "");
  // Such a body ends when the connection does, however early: cut on a boundary of the JSON it would even parse.
  if (!hasEnd) throw new Failure("source.body_broken", { endpoint: path, problem: "neither a length nor chunks" });
  const encoding = (headers["content-encoding"] ?? "identity").toLowerCase();
  if (encoding === "identity") return collect(answer.body, path, largest);
  if (encoding !== "gzip" && encoding !== "x-gzip") {
    throw new Failure("source.body_unreadable", {
      endpoint: path,
      problem: `the encoding ${encoding}`,
      requestId: headers["request-id"] ?? null,
    });
  }
  let decoded: Buffer | undefined;
  await pipeline(answer.body, createGunzip(), async (stream: AsyncIterable<Buffer>) => {
    decoded = await collect(stream, path, largest);
  });
  return decoded ?? Buffer.alloc(0);
}

/** Reads up to the cap; beyond it nothing is kept, so that a bomb costs no more memory than a large body. */
async function collect(stream: Readable | AsyncIterable<Buffer>, path: string, largest: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largest) throw new Failure("source.body_too_large", { endpoint: path, most: largest });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function firstValues(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
  const first: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value[0] : value;
    if (text !== undefined) first[name.toLowerCase()] = text;
  }
  return first;
}

/** What the caller's signal says, when it was the caller who ended the request. */
function aborted(signal: AbortSignal | undefined): Error | undefined {
  return signal?.aborted ? (signal.reason as Error) : undefined;
}
