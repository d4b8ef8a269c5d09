import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";

import type { Dispatcher } from "undici";

import { Failure, isLoopback, isPublicAddress } from "../domain/index.ts";

/** Asks the services that an operator or a tenant named, and nobody else. */
export interface Outbound {
  /**
   * Sends one request and reads its answer whole, whatever its status.
   *
   * @throws Failure `anchor.address`, `anchor.unreachable`
   */
  send(request: OutboundRequest): Promise<OutboundAnswer>;
  close(): Promise<void>;
}

export interface OutboundRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Bytes of an answer at most. */
  readonly largest: number;
}

export interface OutboundAnswer {
  readonly status: number;
  /** Lower case, without parameters; empty when none is said. */
  readonly contentType: string;
  readonly body: Buffer;
}

export interface OutboundOptions {
  /** `host` or `host:port` of services in private networks, and of this machine, that the operator allows. */
  readonly privateHosts: readonly string[];
  /** For `HTTPS_PROXY` and `NO_PROXY`, in either case of letters. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For a whole request. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Opens the one way out of this room: https (http to this machine alone), no redirect, no private address unless the
 * operator named its host, a limit of time and size. The address that was judged is the one that is connected to.
 */
export function openOutbound(options: OutboundOptions): Outbound {
  const { timeoutMs, signal } = options;
  // Loaded with the first request: most tenants have nobody to ask.
  let opening: Promise<Dispatchers> | undefined;
  const dispatchers = () => (opening ??= openDispatchers(options));
  return {
    async send({ method, url, headers = {}, body, largest }) {
      judge(url, options.privateHosts);
      const { direct, outside } = await dispatchers();
      const limit = AbortSignal.timeout(timeoutMs);
      const ending = signal === undefined ? limit : AbortSignal.any([limit, signal]);
      try {
        const answer = await (isNamed(url, options.privateHosts) ? direct : outside).request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method,
          headers: { "user-agent": "Bursar", ...headers },
          body: body ?? null,
          signal: ending,
        });
        return await whole(answer, largest, url);
      } catch (cause) {
        if (cause instanceof Failure) throw cause;
        if (signal?.aborted === true) throw signal.reason;
        if (cause instanceof Error && "code" in cause && cause.code === PRIVATE) throw refused(url);
        const problem = limit.aborted ? "no whole answer in time" : reasonOf(cause);
        throw new Failure("anchor.unreachable", { host: url.host, problem }, { cause });
      }
    },
    close: async () => {
      const opened = await opening?.catch(() => undefined);
      await Promise.all([opened?.direct.destroy(), opened?.outside.destroy()]);
    },
  };
}

interface Dispatchers {
  /** For hosts that the operator named: whatever their address, never by a proxy. */
  readonly direct: Dispatcher;
  readonly outside: Dispatcher;
}

const PRIVATE = "EPRIVATE";

/** What can be said of an address before anything is asked. @throws Failure `anchor.address` */
function judge(url: URL, privateHosts: readonly string[]): void {
  const field = url.origin;
  if (url.username !== "" || url.password !== "") {
    throw new Failure("anchor.address", { field: url.host, problem: "it holds a name or a password" });
  }
  const isHere = isLoopback(url);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isHere)) {
    throw new Failure("anchor.address", { field, problem: "it is not https; http is for this machine alone" });
  }
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  const isPrivate = isHere || (isIP(literal) !== 0 && !isPublicAddress(literal));
  if (isPrivate && !isNamed(url, privateHosts)) throw refused(url);
}

function isNamed({ host, hostname }: URL, privateHosts: readonly string[]): boolean {
  return privateHosts.includes(host) || privateHosts.includes(hostname);
}

function refused({ origin }: URL): Failure {
  return new Failure("anchor.address", {
    field: origin,
    problem:
      "it is an address of this machine or of a private network, which the operator has not named (BURSAR_PRIVATE_HOSTS)",
  });
}

async function openDispatchers({ environment, privateHosts, timeoutMs }: OutboundOptions): Promise<Dispatchers> {
  const { Agent, EnvHttpProxyAgent } = await import("undici");
  const times = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs, allowH2: false, keepAliveTimeout: 1_000 };
  const direct = new Agent({ ...times, connect: { timeout: timeoutMs } });
  const connect = { timeout: timeoutMs, lookup: publicLookup };
  const proxy = environment["https_proxy"] || environment["HTTPS_PROXY"];
  if (!proxy) return { direct, outside: new Agent({ ...times, connect }) };
  const noProxy = [environment["no_proxy"] ?? environment["NO_PROXY"] ?? "", ...privateHosts].join(",");
  try {
    // Behind a proxy it is the proxy that finds the address, and decides what may be reached.
    return { direct, outside: new EnvHttpProxyAgent({ ...times, httpProxy: "", httpsProxy: proxy, noProxy }) };
  } catch (cause) {
    // Its value may hold a password, so it is not repeated.
    throw new Failure("app.config", { field: "HTTPS_PROXY", problem: "it is not the address of a proxy" }, { cause });
  }
}

/** Finds addresses as usual, and none when one of them is private: a name could point at our own network. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    if (addresses.some(({ address }) => !isPublicAddress(address))) {
      return callback(Object.assign(new Error("a private address"), { code: PRIVATE }), []);
    }
    if (options.all === true) return callback(null, addresses);
    const [first] = addresses;
    return callback(null, first?.address ?? "", first?.family);
  });
};

async function whole(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  largest: number,
  { host }: URL,
): Promise<OutboundAnswer> {
  const fail = (problem: string) => {
    // Ending it early makes the stream tell of an error once more, to nobody.
    body.on("error", () => {}).destroy();
    return new Failure("anchor.unreachable", { host, problem });
  };
  if (statusCode >= 300 && statusCode < 400) throw fail(`it redirects (${statusCode}), which is not followed`);
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") throw fail("an answer in an encoding that was not asked for");
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largest) throw fail(`an answer of more than ${largest} bytes`);
    chunks.push(chunk);
  }
  const type = headers["content-type"];
  const contentType = (Array.isArray(type) ? type[0] : type)?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return { status: statusCode, contentType, body: Buffer.concat(chunks, bytes) };
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  return "code" in cause ? String(cause.code) : cause.name;
}
