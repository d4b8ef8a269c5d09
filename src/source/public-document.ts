import { lookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

import { Failure, isLoopback, isPublicAddress } from "../domain/index.ts";

const LARGEST_BYTES = 16 * 1024;
const TIMEOUT_MS = 5_000;

/** A small document that somebody else named. */
export interface PublicDocument {
  readonly status: number;
  /** `cache-control` and `expires`, where they were sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PublicDocumentOptions {
  /** How a name becomes addresses: the system's way unless told. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
  /** For tests alone: this machine counts as public, on any port, and this certificate as trusted. */
  readonly trustLoopback?: { readonly ca: string };
}

/**
 * Reads a document from an address that a stranger chose. Such an address may be a trap: so https on its own port only,
 * no redirect, a name resolved once and the connection pinned to what was checked, no address of this machine or of a
 * network around it, no proxy, 16 KiB, five seconds.
 *
 * @throws Failure `source.document_refused`
 */
export async function fetchPublicDocument(url: URL, options: PublicDocumentOptions = {}): Promise<PublicDocument> {
  const { resolve = resolveByName, trustLoopback } = options;
  const isTrusted = trustLoopback !== undefined && isLoopback(url);
  const refused = (problem: string, cause?: unknown) =>
    new Failure("source.document_refused", { host: url.host, problem }, cause === undefined ? undefined : { cause });
  if (url.protocol !== "https:") throw refused("not https");
  if (url.username !== "" || url.password !== "" || url.hash !== "") throw refused("it carries more than a place");
  if (url.port !== "" && !isTrusted) throw refused("another port than that of https");
  const name = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const addresses = isIP(name) === 0 ? await resolve(name).catch(() => []) : [name];
  const [address] = addresses;
  if (address === undefined) throw refused("the name is not known");
  // One that leads inside is enough to be refused: which one would be used is not ours to say.
  if (!isTrusted && !addresses.every(isPublicAddress)) throw refused("it leads into a private network");
  try {
    return await get(url, address, isTrusted ? trustLoopback.ca : undefined);
  } catch (thrown) {
    throw refused(thrown instanceof TooLarge ? "it is too large" : "it cannot be read", thrown);
  }
}

class TooLarge extends Error {}

async function get(url: URL, address: string, ca: string | undefined): Promise<PublicDocument> {
  // Loaded when it is needed: most programs that load this room never are told of a document.
  const { Agent, request } = await import("node:https");
  const agent = new Agent({ keepAlive: false });
  const family = isIP(address);
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method: "GET",
        agent,
        headers: { accept: "application/json", "accept-encoding": "identity", connection: "close" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        // What was checked is what is connected to, whatever the name says by now.
        lookup: (_name, { all }, done) =>
          all === true ? done(null, [{ address, family }]) : done(null, address, family),
        ...(ca === undefined ? {} : { ca }),
      },
      (answer) => {
        read(answer).then(resolve, (thrown: unknown) => {
          asked.destroy();
          reject(thrown);
        });
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}

async function read(answer: IncomingMessage): Promise<PublicDocument> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BYTES) throw new TooLarge();
    chunks.push(chunk);
  }
  const headers: Record<string, string> = {};
  for (const name of ["cache-control", "expires"] as const) {
    const value = answer.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  const body = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  return { status: answer.statusCode ?? 0, headers, body };
}

async function resolveByName(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}
