import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { forgetPasts } from "../../metrics/index.ts";
import { listErased, vacuum } from "../../store/index.ts";
import { publishCheckpoint, unionOf } from "../../sync/index.ts";
import { refuseToken } from "../accounts.ts";
import { defineOperation } from "../define.ts";
import { countsOf, eraseThePerson, heldShape } from "../erasure/erase.ts";
import { asOnlyWriter } from "../only-writer.ts";
import { rebuildStale } from "../stale-rows.ts";

export const erasePerson = defineOperation({
  id: "erasePerson",
  title: "Erase a person",
  summary:
    "Erases what is held about a person; their figures stay in every total, under a pseudonym. Cannot be undone.",
  input: z.object({
    person: z.string().trim().min(3).max(320).describe("an e-mail, p_… of the roster, or user_… at Anthropic"),
    also: z.array(z.string().trim().min(3).max(320)).max(50).default([]).describe("as in the plan"),
    confirm: z.string().max(320).describe("what the plan says a person is to type"),
  }),
  output: z.object({
    held: heldShape,
    subject: z.string().describe("all that names the person from now on"),
  }),
  permission: "accounts",
  effect: "write",
  audit: {
    event: "person.erased",
    facts: ({ subject, held }) => ({ person: subject, ...countsOf(held) }),
  },
  async run(context, { confirm, ...asked }) {
    const { caller, keyring, scope, store, suppression } = context;
    refuseToken(caller);
    // Without it the ledger could not be signed, and under its last checkpoint what is erased would seem to be lost.
    if (keyring.lockedBy !== null) throw new Failure("vault.locked", { problem: keyring.lockedBy });
    await rebuildStale(context);
    const { held, subject } = await asOnlyWriter(context, (only) =>
      only.write(async (tx) => {
        const erasure = await eraseThePerson(tx, context, asked);
        if (erasure.isNothing && !erasure.wasListed) {
          throw new Failure("access.unknown", { what: "person", field: "person" });
        }
        if (confirm.trim().toLowerCase() !== erasure.known.confirmation.toLowerCase()) {
          throw new Failure("input.invalid", {
            field: "confirm",
            problem: "is not what the plan says",
            remedy: "Plan the erasure, read what it says, and type what it asks for; nothing was changed.",
          });
        }
        return erasure;
      }),
    );
    const listed = await store.read((tx) => listErased(tx, scope));
    await suppression.keep(unionOf(await suppression.kept(), listed));
    return { held, subject };
  },
  async afterTrace(context) {
    await publishCheckpoint(await context.effects(), context.scope);
    await vacuum(context.store);
    await forgetPasts(context.store);
  },
});
