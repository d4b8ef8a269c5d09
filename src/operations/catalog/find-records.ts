import { z } from "zod";

import { Failure, parseDay } from "../../domain/index.ts";
import { searchRecords } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { dayOrNull } from "../people-pieces.ts";
import { requireNamed } from "../privacy.ts";

export const findRecords = defineOperation({
  id: "findRecords",
  title: "Find records",
  summary:
    "Records of the ledger to be proved, the latest first: by stream, and for who may see people by key and day.",
  input: z.object({
    stream: z.string().optional(),
    text: z.string().max(200).optional().describe("part of the record's key: an id, an e-mail, a model"),
    day: z.string().optional().describe("the record's day, `YYYY-MM-DD`"),
    limit: z.coerce.number().int().min(1).max(200).default(20),
    before: z.coerce.number().int().min(0).optional().describe("`next` of the part before"),
  }),
  output: z.object({
    next: z.int().nullable().describe("`before` of the next part, or null on the last"),
    /** Whether keys and days are kept back: they name people. */
    keysHidden: z.boolean(),
    rows: z.array(
      z.object({
        index: z.int().describe("of the leaf, as `proveRecord` takes it"),
        stream: z.string(),
        organizationId: z.string(),
        key: z.array(z.string().nullable()).nullable().describe("without the organization"),
        day: z.string().nullable(),
        version: z.int(),
        isCurrent: z.boolean(),
        isGone: z.boolean().describe("the source no longer returned it"),
        recordedAt: z.string(),
      }),
    ),
  }),
  permission: "audit",
  effect: "read",
  audit: "none: looks at single people are recorded by the surfaces that show them",
  async run({ store, scope, streams }, { stream, text, day, limit, before }) {
    // Whether there is a record of somebody, and of which day, would be told of anybody.
    if (text !== undefined) requireNamed(scope, "text", "Search without a text, or ask for a leaf by its index.");
    if (day !== undefined) requireNamed(scope, "day", "Search without a day, or ask for a leaf by its index.");
    if (stream !== undefined && !streams.some(({ name }) => name === stream)) {
      const choices = streams.map(({ name }) => name).join(", ");
      throw new Failure("input.unknown_value", { field: "stream", value: stream, choices });
    }
    const isNamed = scope.privacy.mode === "named";
    const found = await store.read((tx) =>
      searchRecords(tx, scope, {
        stream,
        text: text?.trim(),
        day: day === undefined ? undefined : parseDay(day, "day"),
        before,
        limit: limit + 1,
      }),
    );
    const shown = found.slice(0, limit);
    return {
      next: found.length > limit ? (shown.at(-1)?.leafIndex ?? null) : null,
      keysHidden: !isNamed,
      rows: shown.map((version) => ({
        index: version.leafIndex,
        stream: version.stream,
        organizationId: version.organizationId,
        key: isNamed ? keyOf(version.nk) : null,
        day: isNamed ? dayOrNull(version.day) : null,
        version: version.ver,
        isCurrent: version.isCurrent,
        isGone: version.state === "gone",
        recordedAt: new Date(version.atMs).toISOString(),
      })),
    };
  },
});

/** A natural key is a list, the organization's id first. */
function keyOf(nk: string): (string | null)[] {
  const [, ...rest] = JSON.parse(nk) as unknown[];
  return rest.map((part) => (part === null || typeof part === "string" ? part : JSON.stringify(part)));
}
