import { Erasures } from "./erasures.ts";
import type { ScratchFile } from "./scratch-file.ts";

/** What some payloads say that other files are held against. Can be sent to another thread. */
export interface PayloadFacts {
  /** The vkeys the log declares, and the leaf that declares them. */
  readonly declared: { readonly index: number; readonly vkeys: readonly string[] }[];
  /** `<size> <sha-256 hex>` of each anchor's frozen checkpoint and stamp. */
  readonly anchored: string[];
  /** Leaves without payload, in their order, and by which leaf it was erased as their line says. */
  readonly missing: { readonly index: number; readonly by: number }[];
  /** The leaves that each `erase` leaf names. */
  readonly named: { readonly by: number; readonly leaves: readonly number[] }[];
}

export function noFacts(): PayloadFacts {
  return { declared: [], anchored: [], missing: [], named: [] };
}

/** What the payloads of a whole ledger say. */
export class GatheredFacts {
  readonly declared: PayloadFacts["declared"] = [];
  readonly anchored = new Set<string>();
  readonly erasures: Erasures;

  constructor(scratch: ScratchFile) {
    this.erasures = new Erasures(scratch);
  }

  /** Takes what the payloads say that come next. */
  take({ declared, anchored, missing, named }: PayloadFacts): void {
    this.declared.push(...declared);
    for (const one of anchored) this.anchored.add(one);
    for (const { index, by } of missing) this.erasures.missing(index, by);
    for (const { by, leaves } of named) this.erasures.named(by, leaves);
  }
}
