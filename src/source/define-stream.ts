import type { Stream } from "./types.ts";

/** Checks what the types cannot: the ledger's spelling of a stream's name, and that a stream fills some table. */
export function defineStream(stream: Stream): Stream {
  if (!/^[a-z0-9_]{1,64}$/.test(stream.name)) throw new TypeError(`${stream.name} cannot be the name of a stream`);
  if (stream.tables.length === 0) throw new TypeError(`${stream.name} fills no table`);
  return stream;
}
