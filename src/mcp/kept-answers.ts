import { createHash } from "node:crypto";

import { dayOfInstant } from "../domain/index.ts";
import { AnswerCache, questionKey, type Operation, type OperationContext } from "../operations/index.ts";
import { revisionOf, type Revision } from "../store/index.ts";

/** Of answers in all: what an idle server holds. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Answers of operations that were asked lately, as long as the rows are the same: whoever follows a question up asks much
 * of it again, tool by tool. Records of calls change no row.
 */
export class KeptAnswers {
  readonly #cache = new AnswerCache(MOST_BYTES);
  readonly #names = new WeakMap<Revision, number>();
  #named = 0;

  /** The answer, from what is kept when nothing that it depends on changed. @throws whatever `make` throws */
  async ask<T>(
    context: OperationContext,
    operation: Operation,
    input: Readonly<Record<string, unknown>>,
    make: () => Promise<T>,
  ): Promise<T> {
    const { store, scope, clock } = context;
    const revision = mayBeKept(operation, context) ? await store.read((tx) => revisionOf(tx, scope)) : null;
    if (revision === null) return make();
    const state = `${this.#nameOf(revision)}/${dayOfInstant(clock.now())}`;
    const bond = `${state}\n${questionKey(context, operation.id, input)}`;
    const key = createHash("sha256").update(bond).digest("base64url");
    const written = async () => ({
      body: Buffer.from(JSON.stringify(await make())),
      contentType: "",
      nextCursor: null,
    });
    const answer = await (this.#cache.find(key) ?? this.#cache.compute(key, written));
    // Read anew each time: what a tool does to its answer is done to its own.
    return JSON.parse(answer.body.toString("utf8")) as T;
  }

  #nameOf(revision: Revision): number {
    const name = this.#names.get(revision) ?? ++this.#named;
    this.#names.set(revision, name);
    return name;
  }
}

/**
 * Figures that depend on nothing but the rows, the day and who asks; what tells of the ledger itself is not kept. Refused
 * before anything is looked up: what is ready may be ready for somebody else.
 */
function mayBeKept({ effect, audit, fresh, permission }: Operation, { caller }: OperationContext): boolean {
  const isFigure = permission === "read" || permission === "people";
  const isSame = effect === "read" && typeof audit === "string" && fresh !== true;
  return isFigure && isSame && caller.permissions.has(permission);
}
