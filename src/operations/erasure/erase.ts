import { z } from "zod";

import type { Json } from "../../domain/index.ts";
import {
  addErased,
  eraseClosedContents,
  forgetErasedDims,
  listErased,
  logState,
  wipeDeleted,
  type WriteTx,
} from "../../store/index.ts";
import { agedState, eraseMentions, isErasedPseudonym, listIdentifiers, Suppressor } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { agedTexts } from "../retention/identities.ts";
import { knownTexts, type KnownPerson, type PersonAsked } from "./known-texts.ts";
import { eraseOwnData } from "./own-data.ts";

/** What was held about somebody, and is not any more. */
export const heldShape = z.object({
  identifiers: z.object({
    emails: z.int(),
    ids: z.int(),
    names: z.int(),
    sharedNames: z.int().describe("names that somebody else has too: they stay where no identifier stands beside them"),
  }),
  records: z
    .array(z.object({ stream: z.string(), versions: z.int() }))
    .describe("versions of records: erased, and recorded again under a pseudonym, so that every total stays"),
  leaves: z
    .array(z.object({ kind: z.string(), leaves: z.int() }))
    .describe("other leaves of the ledger, erased: events, runs, answers of upstream"),
  closedLeaves: z.int().describe("leaves of logs that ended"),
  own: z
    .array(z.object({ table: z.string(), rows: z.int() }))
    .describe("rows of our own about the person, deleted or rewritten"),
  accountsElsewhere: z.int().describe("accounts that only left this tenant, because they enter others too"),
});
export type Held = z.output<typeof heldShape>;

/** What an erasure uses of the world. */
export type ErasureContext = Pick<
  OperationContext,
  "scope" | "caller" | "streams" | "clock" | "random" | "suppression" | "factorSafe"
>;

export interface Erasure {
  readonly held: Held;
  /** `p_…`: all that names the person from now on. */
  readonly subject: string;
  readonly known: KnownPerson;
  /** Nothing was there: who was asked for is known nowhere, or was erased before. */
  readonly isNothing: boolean;
  readonly wasListed: boolean;
}

/** Erases a person, in the transaction of the tenant's only writer; a checkpoint must be published afterwards. */
export async function eraseThePerson(tx: WriteTx, context: ErasureContext, asked: PersonAsked): Promise<Erasure> {
  const { scope, random, clock, suppression } = context;
  await wipeDeleted(tx);
  const known = await knownTexts(tx, context, asked);
  const key = await suppression.key(tx);
  const earlier = await listErased(tx, scope);
  const before = new Suppressor(key, earlier);
  // Asked for by what has stood for them since: it is not erased in turn, or the next answer of upstream, which comes in
  // under the first pseudonym, would be counted beside what was recorded again under the second.
  const texts = known.texts.filter((text) => !isErasedPseudonym(text));
  const listed =
    texts.map((text) => before.find(text)).find((one) => one !== null) ??
    earlier.find((one) => one.subject === known.listed?.personId || known.texts.includes(one.pseudonym));
  // Records too old to name them are theirs all the same, for as long as the roster still says which addresses are one person.
  const aged = (await agedState(tx, scope)) === null ? [] : await agedTexts(tx, scope, key, texts);
  const subject = listed?.subject ?? known.listed?.personId ?? `p_${random.bytes(6).toString("hex")}`;
  const identifiers = listIdentifiers(key, [...texts, ...aged], { subject, erasedMs: clock.now(), random });
  await addErased(tx, scope, identifiers);
  // Of who was erased before not every text is known any more; to look for all takes many times as long.
  const sought = listed === undefined ? { sought: [...texts, ...aged] } : {};
  const erased = await eraseListed(tx, context, key, { reason: "person erased", subjects: [subject], ...sought });
  const count = (kind: string) => new Set(identifiers.filter((one) => one.kind === kind)).size;
  const held = {
    identifiers: { emails: count("email"), ids: count("id"), names: count("name"), sharedNames: known.sharedNames },
    ...erased,
  };
  const { records, leaves, own, closedLeaves } = erased;
  const isNothing = records.length + leaves.length + own.length + closedLeaves === 0;
  return { held, subject, known, isNothing, wasListed: listed !== undefined };
}

/**
 * Erases whatever names those who are listed, whoever they are: what a restored database brought back.
 *
 * @param facts `sought`: looks only for who is known by these texts
 */
export async function eraseListed(
  tx: WriteTx,
  context: ErasureContext,
  key: Buffer,
  facts: { readonly reason: string; readonly subjects: readonly string[]; readonly sought?: readonly string[] },
): Promise<Omit<Held, "identifiers">> {
  const { scope, streams, clock, random } = context;
  const suppressor = new Suppressor(key, await listErased(tx, scope), facts.sought);
  const end = (await logState(tx, scope))?.size ?? 0;
  const { reason, subjects } = facts;
  const mentions = await eraseMentions(tx, { scope, streams, clock, random }, suppressor, { reason, subjects });
  const closedLeaves = await eraseClosedContents(tx, scope, end, (payload) => {
    if (!suppressor.mayName(payload)) return false;
    const told = JSON.parse(payload) as Json;
    return suppressor.json(told) !== told;
  });
  const own = await eraseOwnData(tx, context, suppressor);
  await forgetErasedDims(
    tx,
    scope,
    streams.flatMap(({ tables }) => tables),
  );
  return {
    records: [...mentions.versions].map(([stream, versions]) => ({ stream, versions })),
    leaves: [...mentions.others].map(([kind, leaves]) => ({ kind, leaves })),
    closedLeaves,
    own: [...own.rows].map(([table, rows]) => ({ table, rows })),
    accountsElsewhere: own.accountsElsewhere,
  };
}

/** What takes part in every count of an event: how much, never whose. */
export function countsOf({
  records,
  leaves,
  own,
}: Pick<Held, "records" | "leaves" | "own">): Readonly<Record<string, number>> {
  return {
    versions: records.reduce((sum, one) => sum + one.versions, 0),
    other_leaves: leaves.reduce((sum, one) => sum + one.leaves, 0),
    own_rows: own.reduce((sum, one) => sum + one.rows, 0),
  };
}
