import type { Scope } from "../domain/index.ts";
import { parseLeaf } from "../ledger/index.ts";
import { eraseContents, logState, readLeaves, type Store } from "../store/index.ts";

const LEAVES_A_READ = 4_096;

/**
 * Destroys whatever `erase` leaves of the log name and is here all the same, as it may be in a database that was put
 * together from several copies. What was erased after a backup was made is not named in it: that comes with the leaves
 * that `recover` appends, and with the list of identifiers that later fetches are held against.
 *
 * @returns how many contents were still here
 */
export async function reapplyErasures(store: Store, scope: Scope): Promise<number> {
  const size = (await store.read((tx) => logState(tx, scope)))?.size ?? 0;
  let erased = 0;
  for (let from = 0; from < size; from += LEAVES_A_READ) {
    const leaves = await store.read((tx) => readLeaves(tx, scope, from, from + LEAVES_A_READ));
    for (const { index, leaf, payload } of leaves) {
      if (payload === null || parseLeaf(leaf).t !== "erase") continue;
      const { leaves: named } = JSON.parse(payload) as { leaves: readonly number[] };
      erased += await eraseThoseLeft(store, scope, index, named);
    }
  }
  return erased;
}

async function eraseThoseLeft(store: Store, scope: Scope, by: number, named: readonly number[]): Promise<number> {
  const left: number[] = [];
  for (const index of named) {
    const [leaf] = await store.read((tx) => readLeaves(tx, scope, index, index + 1));
    if (leaf !== undefined && leaf.payload !== null) left.push(index);
  }
  if (left.length > 0) await store.write((tx) => eraseContents(tx, scope, { by, leaves: left }));
  return left.length;
}
