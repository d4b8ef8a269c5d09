import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";

export type { IncomingMessage, ServerResponse };

/** A request as Node's own server would hand it over, and a response that is kept rather than sent. */
export interface NodePair {
  readonly request: IncomingMessage;
  readonly response: KeptResponse;
}

export interface PairOptions {
  /** Path and query below where the program that answers is mounted. */
  readonly target: string;
  /** Path of the mount. */
  readonly mountPath: string;
  /** As browsers reach this server. */
  readonly origin: URL;
  readonly body: Buffer;
  /** What stands in the place of the request's cookies. */
  readonly cookie: string;
}

/**
 * The provider is a Koa program and knows Node's classes alone; the rest of this server knows requests and responses.
 * So it answers without a socket, and what it answers passes our gate and gets our headers like everything else.
 */
export function nodePair(from: Request, options: PairOptions): NodePair {
  const { target, mountPath, origin, body, cookie } = options;
  // How the browser reached us, whatever the connection to the proxy is.
  const socket = Object.assign(new Socket(), { encrypted: origin.protocol === "https:" });
  const request = Object.assign(new IncomingMessage(socket), {
    method: from.method,
    url: target,
    originalUrl: `${mountPath}${target}`,
    headers: {
      ...Object.fromEntries([...from.headers].filter(([name]) => PASSED.has(name))),
      host: origin.host,
      "content-length": String(body.length),
      cookie,
    },
  });
  if (body.length > 0) request.push(body);
  request.push(null);
  return { request, response: new KeptResponse(request) };
}

/** What a provider may know of a request besides. No proxy's word, and no credentials. */
const PASSED: ReadonlySet<string> = new Set(["accept", "content-type"]);

/** Keeps what is written to it. */
export class KeptResponse extends ServerResponse {
  readonly #chunks: Buffer[] = [];
  readonly done: Promise<void>;
  #finish: () => void = () => {};

  constructor(request: IncomingMessage) {
    super(request);
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  override write(chunk: unknown): boolean {
    this.#keep(chunk);
    return true;
  }

  override end(chunk?: unknown): this {
    this.#keep(chunk);
    this.finished = true;
    this.#finish();
    this.emit("finish");
    return this;
  }

  /** What was kept, as the rest of this server answers. */
  kept(): Response {
    const headers = new Headers();
    for (const [name, value] of Object.entries(this.getHeaders())) {
      for (const one of Array.isArray(value) ? value : [value]) headers.append(name, String(one));
    }
    headers.delete("content-length");
    headers.delete("transfer-encoding");
    const body = Buffer.concat(this.#chunks);
    return new Response(body.length === 0 ? null : new Uint8Array(body), { status: this.statusCode, headers });
  }

  #keep(chunk: unknown): void {
    if (typeof chunk === "string") this.#chunks.push(Buffer.from(chunk, "utf8"));
    else if (chunk instanceof Uint8Array) this.#chunks.push(Buffer.from(chunk));
  }
}
