import { z } from "zod";

import { Failure, isFailure, parseDay, type DayNumber, type Json } from "../../domain/index.ts";
import { canonicalJson, leafHash, parseCheckpoint, parseLeaf, parseTlogProof } from "../../ledger/index.ts";
import { currentByKeys } from "../../store/index.ts";
import { recordProof } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";
import { requireNamed } from "../privacy.ts";

export const proveRecord = defineOperation({
  id: "proveRecord",
  title: "Prove a record",
  summary:
    "One record's evidence: its leaf, its content to whoever may see people, and its way to the signed root, as a .tlog-proof.",
  input: z
    .object({
      /** Of the leaf. */
      index: z.int().min(0).optional(),
      /** Instead of an index: the current version of this record. */
      stream: z.string().optional(),
      /** The record's natural key, the organization id first. */
      key: z.array(z.json()).readonly().optional(),
      /** Its day, `YYYY-MM-DD`; none for lists. */
      day: z.string().optional(),
    })
    .refine(({ index, stream, key }) => (index === undefined) === (stream !== undefined && key !== undefined), {
      path: ["index"],
      message: "needs either a leaf's index, or a stream and a key",
    }),
  output: z.object({
    index: z.int(),
    proof: z.string().describe("the text of a .tlog-proof file"),
    /** The same, taken apart. */
    leaf: z.object({ at: z.string(), kind: z.string(), stream: z.string(), version: z.int(), hash: z.string() }),
    payload: z.string().nullable().describe("null when it was erased, or names people that the caller may not see"),
    path: z.array(z.string()).readonly().describe("the hashes from the leaf to the root, the leaf's sibling first"),
    checkpoint: z.object({ origin: z.string(), size: z.int(), root: z.string() }),
  }),
  permission: "audit",
  effect: "read",
  audit: { event: "record.proved", withoutTraceInTrouble: true, facts: ({ index }) => ({ leaf: index }) },
  async run(context, { index, stream, key, day }) {
    // A natural key names people: whether one is there, and since when, would be told of anybody.
    if (index === undefined) requireNamed(context.scope, "key", "Ask for a leaf by its index instead.");
    const leaf = index ?? (await leafOf(context, stream!, key!, day === undefined ? null : parseDay(day, "day")));
    return { index: leaf, ...takenApart(await recordProof(context.store, context.scope, leaf)) };
  },
});

function takenApart(proof: string) {
  const { leaf, content, hashes, checkpoint } = parseTlogProof(proof);
  const bytes = Buffer.from(leaf, "latin1");
  const { at, t, s, ver } = parseLeaf(bytes);
  const { origin, size, root } = parseCheckpoint(checkpoint);
  return {
    proof,
    leaf: { at, kind: t, stream: s, version: ver, hash: leafHash(bytes).toString("hex") },
    payload: content?.payload ?? null,
    path: hashes.map((hash) => Buffer.from(hash).toString("hex")),
    checkpoint: { origin, size, root: root.toString("hex") },
  };
}

async function leafOf(
  { store, scope, streams }: OperationContext,
  stream: string,
  key: readonly Json[],
  day: DayNumber | null,
): Promise<number> {
  if (!streams.some(({ name }) => name === stream)) {
    const choices = streams.map(({ name }) => name).join(", ");
    throw new Failure("input.unknown_value", { field: "stream", value: stream, choices });
  }
  const [organizationId] = key;
  const unknown = () => new Failure("access.unknown", { what: "record", field: "key" });
  if (typeof organizationId !== "string") throw unknown();
  try {
    const nk = canonicalJson(key);
    const found = await store.read((tx) => currentByKeys(tx, scope, stream, organizationId, [{ day, nk }]));
    const record = found.get(nk);
    if (record === undefined) throw unknown();
    return record.leafIndex;
  } catch (thrown) {
    if (isFailure(thrown)) throw thrown;
    throw unknown();
  }
}
