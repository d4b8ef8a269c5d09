import type { Scope } from "../../domain/index.ts";
import { canonicalJson, sha256Hex, type Findings } from "../../ledger/index.ts";
import { listRuns, type Tx } from "../../store/index.ts";
import type { SeenLeaf } from "./check-stored.ts";

const TABLE = "table runs";

/** What is said of past runs, held against their own leaves. About 100 bytes a run. */
export class RunsCheck {
  readonly #tx: Tx;
  readonly #scope: Scope;
  readonly #findings: Findings;
  readonly #told = new Map<string, { readonly index: number; readonly hash: string }>();

  constructor(tx: Tx, scope: Scope, findings: Findings) {
    this.#tx = tx;
    this.#scope = scope;
    this.#findings = findings;
  }

  add({ index, leaf, payload }: SeenLeaf): void {
    if (leaf?.t !== "run" || payload === null) return;
    const { run } = JSON.parse(payload) as { run?: unknown };
    if (typeof run === "string") this.#told.set(run, { index, hash: sha256Hex(payload) });
  }

  async finish(): Promise<void> {
    for (const { runId, report } of await listRuns(this.#tx, this.#scope, Number.MAX_SAFE_INTEGER)) {
      const told = this.#told.get(runId);
      this.#told.delete(runId);
      if (told === undefined) this.#findings.add(TABLE, `run ${runId} has no leaf`);
      else if (sha256Hex(canonicalJson(report)) !== told.hash) {
        this.#findings.add(TABLE, `run ${runId} is not what its leaf says`, told.index);
      }
    }
    for (const [runId, { index }] of this.#told) this.#findings.add(TABLE, `lacks run ${runId}`, index);
  }
}
