import { readWindow, type Known, type SourceClient, type Stream, type Window } from "../source/index.ts";
import { currentRecords, type Store } from "../store/index.ts";
import type { Scope } from "../domain/index.ts";
import { daysOf, type SettledWindow } from "./commit.ts";
import { seenRecords, type Seen } from "./diff.ts";

const MOST_PASSES = 3;

export interface ReadContext {
  readonly store: Store;
  readonly scope: Scope;
  readonly client: SourceClient;
  readonly known: Known;
  readonly signal: AbortSignal;
  readonly mostPages?: number;
}

/**
 * Reads a window, and reads it again before anything of it may become `gone`: a row that is missing from one pass may
 * have moved between its pages (F52). Two whole passes in a row must show the same keys, at most three are made; when
 * they never agree the window counts as incomplete.
 */
export async function readSettled(context: ReadContext, stream: Stream, window: Window): Promise<SettledWindow> {
  const { store, scope, client, known, signal, mostPages } = context;
  const read = async (): Promise<SettledWindow> => {
    const fetched = await readWindow(client, stream, window, known, {
      signal,
      ...(mostPages === undefined ? {} : { mostPages }),
    });
    return { fetched, seen: seenRecords(fetched.pages) };
  };
  let pass = await read();
  if (pass.fetched.incomplete !== null) return pass;
  const current = await store.read((tx) =>
    currentRecords(tx, scope, stream.name, known.organizationId, daysOf(pass.fetched)),
  );
  const missing = [...current.values()].some((record) => record.state === "rec" && !pass.seen.has(record.nk));
  if (!missing) return pass;
  for (let passes = 1; passes < MOST_PASSES; passes += 1) {
    const before = pass;
    pass = after(before, await read());
    if (pass.fetched.incomplete !== null || sameKeys(before.seen, pass.seen)) return pass;
  }
  return { ...pass, fetched: { ...pass.fetched, incomplete: "its readings disagree about which rows there are" } };
}

/** A later pass decides what there is; the pages of the earlier one were fetched too, and the ledger tells of them. */
function after(earlier: SettledWindow, later: SettledWindow): SettledWindow {
  const read = earlier.fetched.pages.map(({ facts }) => ({ facts, records: [] }));
  const fetched = { ...later.fetched, pages: [...read, ...later.fetched.pages] };
  return { fetched, seen: seenRecords(fetched.pages) };
}

function sameKeys(a: ReadonlyMap<string, Seen>, b: ReadonlyMap<string, Seen>): boolean {
  return a.size === b.size && [...a.keys()].every((nk) => b.has(nk));
}
