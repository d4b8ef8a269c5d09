import { createHash } from "node:crypto";

import { dayText, type Scope } from "../../domain/index.ts";
import type { Findings } from "../../ledger/index.ts";
import type { Stream } from "../../source/index.ts";
import { versionRows, type NewVersion, type Tx, type VersionRow } from "../../store/index.ts";
import { versionOf } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import type { SeenLeaf } from "./check-stored.ts";

const TABLE = "table record_versions";
/** Differences of one day that are told one by one. */
const TOLD = 5;

/**
 * Versions of records, held against the leaves that hold them. Hashes are added up by day, so that memory does not grow
 * with the records; only days that differ are looked at one by one, and named by leaf.
 */
export class VersionsCheck {
  readonly #tx: Tx;
  readonly #scope: Scope;
  readonly #findings: Findings;
  readonly #streams: ReadonlyMap<string, Stream>;
  readonly #wanted = new Map<string, bigint>();

  constructor(tx: Tx, { scope, streams }: Pick<OperationContext, "scope" | "streams">, findings: Findings) {
    this.#tx = tx;
    this.#scope = scope;
    this.#findings = findings;
    this.#streams = new Map(streams.map((stream) => [stream.name, stream]));
  }

  add(seen: SeenLeaf): void {
    const told = this.#told(seen);
    if (told !== null) addTo(this.#wanted, told);
  }

  async finish(again: () => AsyncIterable<SeenLeaf>): Promise<void> {
    const found = new Map<string, bigint>();
    for await (const row of versionRows(this.#tx, this.#scope)) addTo(found, lineOfRow(row));
    const places = new Set([...this.#wanted.keys(), ...found.keys()]);
    const differing = new Set([...places].filter((place) => this.#wanted.get(place) !== found.get(place)));
    if (differing.size === 0) return;
    const wanted = new Map<string, Line>();
    for await (const seen of again()) {
      const line = this.#told(seen);
      if (line !== null && differing.has(line.place)) wanted.set(line.text, line);
    }
    const extra: Line[] = [];
    for await (const row of versionRows(this.#tx, this.#scope)) {
      const line = lineOfRow(row);
      if (differing.has(line.place) && !wanted.delete(line.text)) extra.push(line);
    }
    this.#tell(extra, "is not what the leaf that it names says");
    const named = new Set(extra.map(({ leafIndex }) => leafIndex));
    const missing = [...wanted.values()].filter(({ leafIndex }) => !named.has(leafIndex));
    this.#tell(missing, "lacks the version that this leaf holds");
  }

  #tell(lines: readonly Line[], what: string): void {
    const told = new Map<string, number>();
    for (const { place, leafIndex } of lines) {
      const count = (told.get(place) ?? 0) + 1;
      told.set(place, count);
      if (count <= TOLD) this.#findings.add(TABLE, `${place}: ${what}`, leafIndex);
    }
    for (const [place, count] of told) {
      if (count > TOLD) this.#findings.add(TABLE, `${place}: ${count - TOLD} more are not what their leaves say`);
    }
  }

  /** What an erased leaf held, nobody can tell: no version stands for it. */
  #told({ index, leaf, payload }: SeenLeaf): Line | null {
    if (leaf === undefined || payload === null || (leaf.t !== "rec" && leaf.t !== "gone")) return null;
    const stream = this.#streams.get(leaf.s);
    if (stream === undefined) return null;
    try {
      const { organizationId, version } = versionOf(stream, index, leaf, payload, null);
      return line(leaf.s, organizationId, version, true);
    } catch {
      // No record at all: its payload is told by another check.
      return null;
    }
  }
}

interface Line {
  readonly place: string;
  readonly text: string;
  readonly leafIndex: number;
}

function lineOfRow(row: VersionRow): Line {
  return line(row.stream ?? "no stream", row.organizationId ?? "no organization", row, row.isUnderItsKey);
}

function line(stream: string, organizationId: string, version: NewVersion, isUnderItsKey: boolean): Line {
  const { day, nk, id, ver, leafIndex, atMs, state, dataSha256, conflicted } = version;
  const place = `${stream} of ${organizationId}${day === null ? "" : ` on ${dayText(day)}`}`;
  // What is gone is still what it was before, which another leaf says.
  const data = state === "gone" ? null : [dataSha256, conflicted];
  return { place, text: JSON.stringify([place, nk, id, ver, leafIndex, atMs, state, data, isUnderItsKey]), leafIndex };
}

function addTo(sums: Map<string, bigint>, { place, text }: Line): void {
  const digest = BigInt(`0x${createHash("sha256").update(text).digest("hex")}`);
  sums.set(place, BigInt.asUintN(256, (sums.get(place) ?? 0n) + digest));
}
