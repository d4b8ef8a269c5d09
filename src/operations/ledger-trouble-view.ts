import { z } from "zod";

import { Failure, isFailure, type Scope } from "../domain/index.ts";
import { latestCheckpoint, logState, type Tx } from "../store/index.ts";
import {
  logTrouble,
  signingAlarm,
  signingKeys,
  troubleFailure,
  wasOfThisTree,
  type LogTrouble,
} from "../sync/index.ts";
import type { OperationContext } from "./context.ts";

const choice = z.object({
  title: z.string(),
  command: z.string().nullable().describe("what the operator runs where Bursar runs; null where it is no command"),
  consequence: z.string(),
});
type Choice = z.output<typeof choice>;

/** Why nothing is appended or signed, and what the operator can decide. */
export const ledgerTroubleView = z.object({
  kind: z.enum([
    "behind",
    "differs",
    "other_log",
    "checkpoint_lost",
    "checkpoint_unreadable",
    "key_lost",
    "witness_objects",
  ]),
  says: z.string(),
  signed: z.int().nullable().describe("leaves that were signed last; null when that is not known"),
  present: z.int().describe("leaves in the database"),
  choices: z.array(choice).readonly(),
});
export type LedgerTroubleView = z.output<typeof ledgerTroubleView>;

/** What an operator has to decide before the ledger goes on, or null. */
export async function ledgerTroubleOf(
  context: Pick<OperationContext, "store" | "scope" | "unguarded">,
): Promise<LedgerTroubleView | null> {
  const { store, scope, unguarded } = context;
  const { signer } = unguarded;
  const kept = await signer.lastKept();
  return store.read(async (tx) => {
    const trouble = await logTrouble(tx, scope, kept, wasOfThisTree);
    if (trouble !== null) return { ...trouble, says: troubleFailure(trouble).message, choices: choicesFor(trouble) };
    try {
      const { keys } = await signingKeys(tx, scope);
      await signer.checkKeys(tx, keys);
      return await objectionTo(tx, scope);
    } catch (thrown) {
      if (isFailure(thrown, "vault.locked", "ledger.verification")) return null;
      if (!isFailure(thrown, "ledger.key_lost")) throw thrown;
      return { kind: "key_lost", says: thrown.message, signed: null, present: 0, choices: [OLD_KEY, NEW_LOG_NEW_KEY] };
    }
  });
}

/** Recording goes on while a witness objects; nothing is signed. */
async function objectionTo(tx: Tx, scope: Scope): Promise<LedgerTroubleView | null> {
  const alarm = await signingAlarm(tx, scope);
  if (alarm === null) return null;
  const { witness, problem } = alarm;
  const signed = (await latestCheckpoint(tx, scope))?.size ?? null;
  const present = (await logState(tx, scope))?.size ?? 0;
  const says = new Failure("ledger.forked", { witness, problem }).message;
  return { kind: "witness_objects", says, signed, present, choices: [ASK_WITNESS, RESUME, NEW_LOG] };
}

function choicesFor({ kind, signed, present }: LogTrouble): readonly Choice[] {
  switch (kind) {
    case "behind":
      return [recover(signed ?? 0, present), NEWEST_COPY, NEW_LOG];
    case "differs":
    case "other_log":
      return [NEWEST_COPY, NEW_LOG];
    case "checkpoint_lost":
    case "checkpoint_unreadable":
      return [RESTORE_CHECKPOINT, NEWEST_COPY, NEW_LOG];
  }
}

function recover(signed: number, present: number): Choice {
  return {
    title: "Take the missing leaves from an export",
    command: "bursar ledger recover --from EXPORT",
    consequence: `Leaves ${present} to ${signed - 1} are appended byte for byte from an export that reaches ${signed}, with everything that stands on them. The log goes on, and every proof and checkpoint stays valid. Accounts, settings and keys are not in the ledger: they stay as this database has them.`,
  };
}

const NEWEST_COPY: Choice = {
  title: "Put the newest copy back",
  command: null,
  consequence:
    "When the database that was signed last still exists somewhere, stop Bursar and put it back: then nothing is to be decided, and nothing is lost.",
};

const NEW_LOG: Choice = {
  title: "Begin a new log",
  command: 'bursar ledger new-log --reason "…"',
  consequence:
    "A new log begins, and its first leaf names the last checkpoint of the old one and your reason. Every record that is here is taken over; what only the missing leaves held is read again where Anthropic still has it, and is lost elsewhere. The old log stays as far as it is here, and can be exported and checked. Whoever checks the new one sees that another was before it, and why it ended.",
};

const NEW_LOG_NEW_KEY: Choice = { ...NEW_LOG, command: 'bursar ledger new-log --new-key --reason "…"' };

const RESTORE_CHECKPOINT: Choice = {
  title: "Keep this database's own last checkpoint",
  command: "bursar doctor --restore-checkpoint",
  consequence:
    "Only when this database is the newest there is. If it is not, what was signed after its last checkpoint would be denied: whoever holds a later checkpoint could show two histories.",
};

const ASK_WITNESS: Choice = {
  title: "Ask the witness what it has seen",
  command: null,
  consequence:
    "Its operator has the checkpoint that it signed last. If that was signed with your key and is not of this ledger, somebody signed another history, or this database is an older copy: keep both and look into it. Recording goes on meanwhile; nothing is signed.",
};

const RESUME: Choice = {
  title: "Sign again",
  command: 'bursar ledger resume --reason "…"',
  consequence:
    "What was recorded meanwhile is signed. The objection and your reason stay in the ledger; a witness that still objects stops it again.",
};

const OLD_KEY: Choice = {
  title: "Restore the key",
  command: null,
  consequence:
    "A backup of the database holds the sealed key. Put that back, as the newest copy there is; the log then goes on as it was.",
};
