import { z } from "zod";

import { dayOfInstant } from "../../domain/index.ts";
import { ask, lastUse, type Answer } from "../../metrics/index.ts";
import { defineOperation } from "../define.ts";
import { listedRows, listReadAt, type ListedRow } from "../directory.ts";
import { dayRange, reason, trust, value, warnings } from "../figures.ts";
import { costKind, filters } from "../filters.ts";
import { trustOf } from "../money/headline.ts";
import { inOneSnapshot } from "../one-snapshot.ts";
import { dayOrNull } from "../people-pieces.ts";
import { refuseStale } from "../stale-rows.ts";

/** Days that are looked at for a first and a last use. */
const LOOK_BACK = 400;

export const listWorkspaces = defineOperation({
  id: "listWorkspaces",
  title: "Workspaces",
  summary: "Every workspace with members, keys, tokens and cost over a range, and when it was last used.",
  input: z.object({ from: filters.from, to: filters.to, asOf: filters.asOf, kind: costKind.default("net") }),
  output: z.object({
    range: dayRange,
    asOf: z.string(),
    ...trust,
    warnings,
    kind: costKind,
    listReadAt: z.string().nullable().describe("when the list itself was last read"),
    rows: z.array(
      z.object({
        workspaceId: z.string().nullable().describe("as `where workspace=` takes it; null is the default workspace"),
        id: z.string().nullable(),
        name: z.string(),
        organizationId: z.string(),
        isDefault: z.boolean(),
        createdAt: z.string().nullable(),
        archivedAt: z.string().nullable(),
        isListed: z.boolean().describe("false: met in usage or cost alone, as a workspace that was removed"),
        members: z.int().nullable().describe("null for the default workspace, of which no list is kept"),
        activeKeys: z.int(),
        keys: z.int(),
        tokens: value,
        cost: value,
        reason: reason.nullable().describe("why there is no cost"),
        lastUsed: z.string().nullable().describe("of the last 400 days"),
        flags: z.array(z.enum(["archived_with_active_keys", "never_used", "unused_90_days"])),
      }),
    ),
    total: z.object({ tokens: value, cost: value, reason: reason.nullable() }),
  }),
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: figures of workspaces, none of single people",
  async run(context, { from, to, kind }) {
    const { store, scope, clock } = context;
    await refuseStale(context);
    const now = clock.now();
    const today = dayOfInstant(now);
    return inOneSnapshot(store, async (frozen) => {
      const question = { from, to, by: ["organization", "workspace"] };
      const tokens = await ask(frozen, scope, { ...question, metric: "tokens", source: "messages" }, now);
      const { range } = tokens;
      const cost = await ask(frozen, scope, { ...question, ...range, metric: "cost", kind, grain: undefined }, now);
      return frozen.read(async (tx) => {
        const workspaces = await listedRows(tx, context, "workspaces");
        const members = countBy(await listedRows(tx, context, "workspace_members"));
        const keys = await listedRows(tx, context, "api_keys");
        const active = countBy(keys.filter((key) => key.text("status") === "active"));
        const allKeys = countBy(keys);
        const uses = await lastUse(tx, scope, "workspace_id", today - LOOK_BACK);
        const used = new Map(uses.map(({ organizationId, id, last }) => [placeOf(organizationId, id), last]));
        const tokensOf = valuesOf(tokens);
        const costOf = valuesOf(cost);
        const listed = workspaces.map((row) => {
          const id = row.text("id");
          const isDefault = row.text("is_default") === "true";
          return {
            workspaceId: isDefault ? null : id,
            id,
            name: row.text("name") ?? id ?? "?",
            organizationId: row.organizationId,
            isDefault,
            createdAt: row.text("created_at"),
            archivedAt: row.text("archived_at"),
            isListed: true,
          };
        });
        const known = new Set(listed.map((one) => placeOf(one.organizationId, one.workspaceId)));
        // Removed from the list, or of a list that was never read: what was used there still counts.
        const others = [...new Map([...tokensOf, ...costOf])]
          .filter(([place]) => !known.has(place))
          .map(([, row]) => {
            const id = textIn(row, "workspace");
            return {
              workspaceId: id,
              id,
              name: id ?? "Default",
              organizationId: textIn(row, "organization") ?? "",
              isDefault: id === null,
              createdAt: null,
              archivedAt: null,
              isListed: false,
            };
          });
        const rows = [...listed, ...others].map((workspace) => {
          const { organizationId, workspaceId, id, isDefault } = workspace;
          const place = placeOf(organizationId, workspaceId);
          const last = used.get(place);
          // A key's scope names the default workspace by its real id, older ones by none.
          const both = (counts: ReadonlyMap<string, number>) =>
            (counts.get(placeOf(organizationId, id)) ?? 0) +
            (isDefault && id !== null ? (counts.get(placeOf(organizationId, null)) ?? 0) : 0);
          const spent = costOf.get(place);
          return {
            ...workspace,
            members: isDefault ? null : (members.get(place) ?? 0),
            activeKeys: both(active),
            keys: both(allKeys),
            tokens: tokensOf.get(place)?.value ?? 0,
            cost: spent === undefined ? (cost.total.value === null ? null : "0") : spent.value,
            reason: (spent === undefined ? cost.total.reason : spent.reason) ?? null,
            lastUsed: dayOrNull(last),
            flags: flagsOf(workspace, both(active), last, today),
          };
        });
        return {
          range: { from: range.from, to: range.to },
          asOf: cost.asOf,
          ...trustOf(cost),
          warnings: [...tokens.warnings, ...cost.warnings],
          kind,
          listReadAt: await listReadAt(tx, context, "workspaces"),
          rows: rows.sort((a, b) => Number(b.cost ?? 0) - Number(a.cost ?? 0) || (a.name < b.name ? -1 : 1)),
          total: { tokens: tokens.total.value, cost: cost.total.value, reason: cost.total.reason ?? null },
        };
      });
    });
  },
});

function placeOf(organizationId: string | null, id: string | null): string {
  return JSON.stringify([organizationId, id]);
}

function textIn(row: Answer["rows"][number], dimension: string): string | null {
  const value = row[dimension];
  return typeof value === "string" ? value : null;
}

function valuesOf({ rows }: Answer): ReadonlyMap<string, Answer["rows"][number]> {
  return new Map(rows.map((row) => [placeOf(textIn(row, "organization"), textIn(row, "workspace")), row]));
}

function countBy(rows: readonly ListedRow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const place = placeOf(row.organizationId, row.text("workspace_id"));
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}

function flagsOf(
  { archivedAt, isListed }: { readonly archivedAt: string | null; readonly isListed: boolean },
  activeKeys: number,
  last: number | undefined,
  today: number,
) {
  const flags: ("archived_with_active_keys" | "never_used" | "unused_90_days")[] = [];
  const isArchived = archivedAt !== null;
  if (isArchived && activeKeys > 0) flags.push("archived_with_active_keys");
  // What is not listed can neither be archived nor put to use.
  if (!isArchived && isListed && last === undefined) flags.push("never_used");
  if (!isArchived && isListed && last !== undefined && last < today - 90) flags.push("unused_90_days");
  return flags;
}
