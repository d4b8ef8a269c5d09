import { z } from "zod";

import { dayOfInstant, dollars } from "../../domain/index.ts";
import { figuresOf, lastActiveActors, lastUse, readUsage, sharesOf } from "../../metrics/index.ts";
import { defineOperation } from "../define.ts";
import { listedRows } from "../directory.ts";
import { filters } from "../filters.ts";
import { actorOfLabel, keyNameOf, ownerShown } from "../key-owners.ts";
import { costKinds, dayOrNull, envelope, paged, pageOf, paging } from "../people-pieces.ts";
import { refuseStale } from "../stale-rows.ts";

const count = z.union([z.int(), z.string()]).nullable();
const ratio = z.number().nullable();
const kinds = z.enum(["person", "service", "unmapped"]);

const row = z.object({
  actor: z.string().describe("as the owner is set"),
  label: z.string(),
  keyIds: z.array(z.string()),
  owner: z.object({
    kind: kinds,
    name: z.string().nullable(),
    personId: z.string().nullable(),
    hasLeft: z.boolean().describe("the person left: the key wants another owner"),
  }),
  claudeCode: z.object({ cost: costKinds, tokens: count, sessions: count }),
  apiTokens: count.describe("of the Messages API"),
  lastSeen: z.string().nullable(),
});

type Row = z.output<typeof row>;

export const listKeyOwners = defineOperation({
  id: "listKeyOwners",
  title: "Owners of keys",
  summary: "Who stands behind every key and service account, the largest unmapped first, and how much is mapped.",
  input: z.object({
    from: filters.from,
    to: filters.to,
    asOf: filters.asOf,
    kind: kinds.optional().describe("only these"),
    search: z.string().max(200).optional(),
    ...paging,
  }),
  output: z.object({
    ...envelope,
    mapping: z.object({
      cost: z.object({
        kind: z.literal("estimated"),
        source: z.literal("claude_code"),
        total: z.string().nullable(),
        mapped: z.string().nullable().describe("of a person or a service"),
        unmapped: z.string().nullable(),
        share: ratio,
      }),
      tokens: z.object({
        source: z.literal("usage_by_key"),
        total: count.describe("of the Messages API, used with a key"),
        mapped: count,
        unmapped: count,
        share: ratio,
        withoutKey: count.describe("used without a key: neither mapped nor unmapped"),
      }),
      keys: z.object({ person: z.int(), service: z.int(), unmapped: z.int() }),
    }),
    /** Rows that the caller may not see by name. */
    hidden: z.int(),
    ...paged,
    rows: z.array(row),
  }),
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: keys, and people by name only for those who may see them",
  async run(context, input) {
    const { store, scope, clock, caller } = context;
    await refuseStale(context);
    const today = dayOfInstant(clock.now());
    return store.read(async (tx) => {
      const { from, to } = input;
      const reading = await readUsage(tx, scope, { from, to, population: "all" }, clock.now());
      const who = await reading.asking.identities();
      const byActor = await reading.groups({ by: ["actor"], quantities: OF_CLAUDE_CODE });
      const byKey = await reading.groups({ by: ["api_key"], quantities: TOKENS, source: "messages" });
      const idsOfName = Map.groupBy(await listedRows(tx, context, "api_keys"), (key) => key.text("name"));
      const nameOfId = new Map<string, string>();
      for (const [name, keys] of idsOfName) {
        for (const key of keys) if (name !== null) nameOfId.set(key.text("id") ?? "", name);
      }
      const rows = new Map<string, Row>();
      for (const group of byActor.groups) {
        const label = group.dims[0] ?? "";
        if (label.startsWith("user:")) continue;
        const actor = actorOfLabel(label);
        const name = keyNameOf(actor);
        const { cost, tokens, sessions } = figuresOf(group, byActor);
        rows.set(actor, {
          actor,
          label,
          keyIds: (idsOfName.get(name) ?? []).flatMap((key) => key.text("id") ?? []),
          owner: ownerShown(who.ofActor(actor), who, today),
          claudeCode: { cost, tokens, sessions },
          apiTokens: null,
          lastSeen: null,
        });
      }
      for (const group of byKey.groups) {
        const id = group.dims[0] ?? null;
        if (id === null) continue;
        const { tokens } = figuresOf(group, byKey);
        const name = nameOfId.get(id);
        const actor = `key:${name}`;
        const isUnique = name !== undefined && idsOfName.get(name)?.length === 1;
        const same = isUnique ? rows.get(actor) : undefined;
        if (same) rows.set(actor, { ...same, apiTokens: tokens });
        else {
          rows.set(id, {
            actor: id,
            label: name === undefined ? id : `key: ${name}`,
            keyIds: [id],
            owner: ownerShown(who.ofApiKey(id), who, today),
            claudeCode: NOTHING,
            apiTokens: tokens,
            lastSeen: null,
          });
        }
      }
      const seen = await lastActiveActors(reading.asking, reading.span);
      const uses = new Map(
        (await lastUse(tx, scope, "api_key_id", today - LOOK_BACK)).map((use) => [use.id, use.last]),
      );
      const dated = [...rows.values()].map((row) => {
        const last = Math.max(seen.get(row.actor) ?? 0, ...row.keyIds.map((id) => uses.get(id) ?? 0));
        return { ...row, lastSeen: last === 0 ? null : dayOrNull(last) };
      });
      // Names of keys often hold a person's: whoever may not see people sees services, and how much is not mapped.
      const isNamed = scope.privacy.mode === "named" || caller.permissions.has("roster");
      const isCounted = scope.privacy.mode === "named";
      const shown = dated
        .filter(({ owner }) => isNamed || owner.kind === "service")
        .sort(unmappedFirst)
        .map((row) => (isCounted || row.owner.kind === "service" ? row : { ...row, ...UNCOUNTED }));
      const { rows: page, ...part } = pageOf(
        shown.filter((row) => matches(row, input.search) && (!input.kind || row.owner.kind === input.kind)),
        input,
      );
      const keys = { person: 0, service: 0, unmapped: 0 };
      for (const { owner } of dated) keys[owner.kind]++;
      const cost = sharesOf(byActor, ["cost_estimated"], (label) => who.ofActor(actorOfLabel(label)));
      const tokens = sharesOf(byKey, TOKENS, (id) => who.ofApiKey(id));
      const money = (value: bigint | null) => (value === null ? null : dollars(value));
      return {
        ...reading.envelope,
        mapping: {
          cost: {
            kind: "estimated" as const,
            source: "claude_code" as const,
            total: money(cost.total),
            mapped: money(cost.mapped),
            unmapped: money(cost.unmapped),
            share: cost.share,
          },
          tokens: {
            source: "usage_by_key" as const,
            total: counted(tokens.total),
            mapped: counted(tokens.mapped),
            unmapped: counted(tokens.unmapped),
            share: tokens.share,
            withoutKey: counted(tokens.nameless),
          },
          keys,
        },
        hidden: dated.length - shown.length,
        ...part,
        rows: page,
      };
    });
  },
});

/** Days that are looked at for a last use. */
const LOOK_BACK = 400;
const TOKENS = ["uncached_input", "output", "cache_read", "cache_creation"] as const;
const OF_CLAUDE_CODE = ["sessions", ...TOKENS, "cost_estimated", "cost_notional"] as const;

const NOTHING = {
  cost: { estimated: null, notional: null, list: null, net: null },
  tokens: null,
  sessions: null,
} as const;
const UNCOUNTED = { claudeCode: NOTHING, apiTokens: null } as const;

/** The largest unmapped amounts first: mapping those gains most. */
function unmappedFirst(a: Row, b: Row): number {
  const isMapped = (row: Row) => (row.owner.kind === "unmapped" ? 0 : 1);
  const amount = (value: number | string | null) => Number(value ?? 0);
  return (
    isMapped(a) - isMapped(b) ||
    amount(b.claudeCode.cost.estimated) - amount(a.claudeCode.cost.estimated) ||
    amount(b.apiTokens) - amount(a.apiTokens) ||
    (a.actor < b.actor ? -1 : 1)
  );
}

function matches({ label, owner, keyIds }: Row, search: string | undefined): boolean {
  const needle = search?.trim().toLowerCase() ?? "";
  return [label, owner.name ?? "", ...keyIds].some((text) => text.toLowerCase().includes(needle));
}

function counted(value: bigint | null): number | string | null {
  if (value === null) return null;
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}
