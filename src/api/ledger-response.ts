import type { ExportFile } from "../ledger/index.ts";
import { runOperation } from "../operations/index.ts";
import type { Entered } from "./authenticate.ts";
import type { Served } from "./served-operations.ts";
import { streamed } from "./streamed.ts";
import { tarOf } from "./tar.ts";

const CHUNK = 64 * 1024;

interface Archive {
  readonly origin: string;
  readonly size: number;
  /** Of evidence alone. */
  readonly records?: number;
  readonly payloads: boolean;
  readonly files: AsyncIterable<ExportFile>;
}

/** The ledger, or evidence out of it, as one archive. It breaks off when the leaves are not the tree that is signed. */
export async function ledgerResponse(
  { context }: Entered,
  { operation }: Served,
  input: Record<string, unknown>,
  leave: () => void,
  patienceMs: number,
): Promise<Response> {
  // Its schema says so.
  const { origin, size, records, payloads, files } = (await runOperation(context, operation, input)) as Archive;
  const folder = `${records === undefined ? "ledger" : "evidence"}-${size}${payloads ? "" : "-proofs"}`;
  const name = `${origin.replaceAll(/[^A-Za-z0-9.-]+/g, "-")}-${folder}.tar`;
  const seconds = Math.floor(context.clock.now() / 1000);
  return new Response(streamed(inChunks(tarOf(folder, files, seconds)), leave, patienceMs), {
    headers: { "content-type": "application/x-tar", "content-disposition": `attachment; filename="${name}"` },
  });
}

/** A file of the ledger is often small: pieces of a network's size instead. */
async function* inChunks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    length += piece.length;
    if (length < CHUNK) continue;
    yield Buffer.concat(waiting);
    [waiting, length] = [[], 0];
  }
  if (length > 0) yield Buffer.concat(waiting);
}
