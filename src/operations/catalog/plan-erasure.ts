import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";
import { countsOf, eraseThePerson, heldShape, type Erasure } from "../erasure/erase.ts";
import { refuseStale } from "../stale-rows.ts";

/** Thrown to undo what was tried. */
class Undone extends Error {
  readonly erasure: Erasure;

  constructor(erasure: Erasure) {
    super("tried, and undone");
    this.erasure = erasure;
  }
}

const output = z.object({
  held: heldShape,
  confirmation: z.string().describe("what a person types to order it"),
  stays: z.array(z.string()).describe("what no erasure reaches, in words"),
});
export type ErasurePlan = z.output<typeof output>;

export const planErasure = defineOperation({
  id: "planErasure",
  title: "What an erasure would erase",
  summary: "Says what is held about a person, and what would stay, by trying the erasure and undoing it.",
  input: z.object({
    person: z.string().trim().min(3).max(320).describe("an e-mail, p_… of the roster, or user_… at Anthropic"),
    also: z
      .array(z.string().trim().min(3).max(320))
      .max(50)
      .default([])
      .describe("further texts under which the person is known: old addresses, a name, names of keys"),
  }),
  output,
  permission: "accounts",
  effect: "write",
  audit: {
    event: "erasure.planned",
    facts: ({ held }) => countsOf(held),
  },
  async run(context, asked) {
    await refuseStale(context);
    const { held, known, isNothing, wasListed } = await tried(context, asked);
    // Who was erased before may be erased again: that finishes what was cut off after the commit.
    if (isNothing && !wasListed) throw new Failure("access.unknown", { what: "person", field: "person" });
    return { held, confirmation: known.confirmation, stays: STAYS };
  },
});

async function tried(context: OperationContext, asked: { person: string; also: string[] }): Promise<Erasure> {
  try {
    return await context.store.write(async (tx) => {
      throw new Undone(await eraseThePerson(tx, context, asked));
    });
  } catch (thrown) {
    if (thrown instanceof Undone) return thrown.erasure;
    throw thrown;
  }
}

const STAYS = [
  "Totals: the same figures stand under a pseudonym, of no team.",
  "What Anthropic holds: remove the person there as well, and before this, or their member stays listed under a pseudonym.",
  "Backups made before, until they are deleted for their age; a restore erases again.",
  "Exports, proofs and files that were handed out before.",
  "A keyed hash of each identifier, so that later answers of Anthropic do not bring the person back.",
  "Texts that hold an identifier as part of a longer word, as a key named after the person may: name them as well.",
];
