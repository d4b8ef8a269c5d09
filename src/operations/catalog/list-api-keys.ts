import { z } from "zod";

import { dayOfInstant, dayOfText } from "../../domain/index.ts";
import { figuresOf, lastActiveActors, lastUse, readIdentities, readUsage } from "../../metrics/index.ts";
import { defineOperation } from "../define.ts";
import { listedRows, listReadAt } from "../directory.ts";
import { filters } from "../filters.ts";
import { KEY_FLAGS } from "../key-flags.ts";
import { hasLeft, ownerShown } from "../key-owners.ts";
import { dayOrNull, envelope, paged, pageOf, paging } from "../people-pieces.ts";
import { refuseStale } from "../stale-rows.ts";

const flag = z.enum(KEY_FLAGS);
type Flag = z.output<typeof flag>;

const SORTS = ["lastUsed", "createdAt", "name", "tokens"] as const;

const row = z.object({
  keyId: z.string(),
  name: z.string(),
  hint: z.string().nullable().describe("its first and last characters"),
  organizationId: z.string(),
  workspaceId: z.string().nullable(),
  workspace: z.string().nullable(),
  status: z.string(),
  createdAt: z.string().nullable(),
  ageDays: z.int().nullable(),
  expiresAt: z.string().nullable(),
  creator: z.object({
    id: z.string().nullable(),
    kind: z.enum(["member", "former_member", "service_account", "unknown"]),
    name: z.string().nullable(),
    email: z.string().nullable(),
  }),
  owner: z.object({
    kind: z.enum(["person", "service", "unmapped"]),
    name: z.string().nullable(),
    personId: z.string().nullable(),
    hasLeft: z.boolean(),
  }),
  tokens: z.union([z.int(), z.string()]).nullable().describe("of the Messages API, in the range"),
  firstUsed: z.string().nullable().describe("of the last 400 days; with the Messages API"),
  lastUsed: z.string().nullable().describe("of the last 400 days; with the Messages API or Claude Code"),
  unusedDays: z.int().nullable(),
  flags: z.array(flag),
});

type Key = z.output<typeof row>;

export const listApiKeys = defineOperation({
  id: "listApiKeys",
  title: "API keys",
  summary: "Every API key with age, status, workspace, owner, last use and tokens over a range, and what is odd.",
  input: z.object({
    from: filters.from,
    to: filters.to,
    asOf: filters.asOf,
    search: z.string().max(200).optional(),
    status: z.string().max(50).optional(),
    flag: flag.optional().describe("only keys of which this is said"),
    sort: z.enum(SORTS).default("lastUsed"),
    order: z.enum(["asc", "desc"]).default("desc"),
    ...paging,
  }),
  output: z.object({
    ...envelope,
    listReadAt: z.string().nullable().describe("when the list itself was last read"),
    statuses: z.array(z.object({ status: z.string(), keys: z.int() })),
    /** Of active keys only: the others need no care. */
    flags: z.array(z.object({ flag, keys: z.int() })),
    /** Keys that the caller may not see by name: they count above, and have no row. */
    hidden: z.int(),
    ...paged,
    rows: z.array(row),
  }),
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: keys, and people by name only for those who may see them",
  async run(context, input) {
    const { store, scope, clock } = context;
    await refuseStale(context);
    const now = clock.now();
    const today = dayOfInstant(now);
    return store.read(async (tx) => {
      const { from, to } = input;
      const reading = await readUsage(tx, scope, { from, to, population: "all" }, now);
      const who = await readIdentities(tx, scope);
      const byKey = await reading.groups({ by: ["api_key"], quantities: TOKENS, source: "messages" });
      const isUntold = TOKENS.some((quantity) => byKey.absent.has(quantity));
      const tokens = new Map(byKey.groups.map((group) => [group.dims[0], figuresOf(group, byKey).tokens]));
      const uses = new Map((await lastUse(tx, scope, "api_key_id", today - LOOK_BACK)).map((use) => [use.id, use]));
      const inCode = await lastActiveActors(reading.asking, { from: reading.span.from, to: today + 1 });
      const users = new Map((await listedRows(tx, context, "users")).map((row) => [row.text("id"), row]));
      const names = new Map(
        (await listedRows(tx, context, "workspaces")).map((row) => [row.text("id"), row.text("name")]),
      );
      const listed = await listedRows(tx, context, "api_keys");
      const sameName = Map.groupBy(listed, (row) => row.text("name"));
      const keys = listed.map((row) => {
        const keyId = row.text("id") ?? "";
        const name = row.text("name") ?? keyId;
        const isUnique = sameName.get(row.text("name"))?.length === 1;
        const [status, createdAt, expiresAt] = [
          row.text("status") ?? "unknown",
          row.text("created_at"),
          row.text("expires_at"),
        ];
        const created = createdAt === null ? null : dayOfText(createdAt);
        const ageDays = created === null ? null : today - created;
        const use = uses.get(keyId);
        const codeDay = isUnique ? inCode.get(`key:${name}`) : undefined;
        const last = Math.max(use?.last ?? -1, codeDay ?? -1);
        const owner = ownerShown(who.ofApiKey(keyId), who, today);
        const creatorId = row.text("created_by_id");
        const creator = users.get(creatorId);
        const email = creator?.text("email") ?? null;
        const found = email === null ? null : who.ofEmail(email);
        const person = found?.population === "humans" ? who.known.get(found.person) : undefined;
        const kind =
          creatorId === null
            ? ("unknown" as const)
            : creator !== undefined
              ? ("member" as const)
              : creatorId.startsWith("user_")
                ? ("former_member" as const)
                : ("service_account" as const);
        const flags: Flag[] = [];
        const isYoung = ageDays !== null && ageDays < GRACE_DAYS;
        if (last < 0 && !isYoung) flags.push("never_used");
        if (last >= 0 && today - last > UNUSED_DAYS) flags.push("unused_90_days");
        if (kind === "former_member" || (person !== undefined && hasLeft(person, today))) flags.push("creator_left");
        if (owner.hasLeft) flags.push("owner_left");
        if (owner.kind === "unmapped") flags.push("no_owner");
        if (ageDays !== null && ageDays > OLD_DAYS) flags.push("older_than_365_days");
        if (creator?.text("role") === "admin") flags.push("created_by_admin");
        const lasts = expiresAt === null ? Infinity : Date.parse(expiresAt) - now;
        if (lasts <= 0) flags.push("expired");
        else if (lasts < SOON_MS) flags.push("expires_soon");
        if (!isUnique) flags.push("name_not_unique");
        return {
          keyId,
          name,
          hint: row.text("partial_key_hint"),
          organizationId: row.organizationId,
          workspaceId: row.text("workspace_id"),
          workspace: names.get(row.text("workspace_id")) ?? null,
          status,
          createdAt,
          ageDays,
          expiresAt,
          creator: { id: creatorId, kind, name: creator?.text("name") ?? null, email },
          owner,
          tokens: isUntold ? null : (tokens.get(keyId) ?? 0),
          firstUsed: dayOrNull(use?.first),
          lastUsed: last < 0 ? null : dayOrNull(last),
          unusedDays: last < 0 ? null : today - last,
          flags,
        };
      });
      // Names of keys, their creators and owners are people: who may not see those sees the keys of services.
      const shown = keys.filter(({ owner }) => scope.privacy.mode === "named" || owner.kind === "service");
      const visible = scope.privacy.mode === "named" ? shown : shown.map((key) => ({ ...key, creator: { ...NOBODY } }));
      const { rows, ...part } = pageOf(
        visible
          .filter((key) => matches(key, input.search))
          .filter((key) => input.status === undefined || key.status === input.status)
          .filter((key) => input.flag === undefined || key.flags.includes(input.flag))
          .sort(inOrder(input.sort, input.order)),
        input,
      );
      const active = keys.filter(({ status }) => status === "active");
      return {
        ...reading.envelope,
        listReadAt: await listReadAt(tx, context, "api_keys"),
        statuses: [...Map.groupBy(keys, ({ status }) => status)].map(([status, own]) => ({
          status,
          keys: own.length,
        })),
        flags: flag.options.map((one) => ({
          flag: one,
          keys: active.filter(({ flags }) => flags.includes(one)).length,
        })),
        hidden: keys.length - shown.length,
        ...part,
        rows,
      };
    });
  },
});

const TOKENS = ["uncached_input", "output", "cache_read", "cache_creation"] as const;
/** Days that are looked at for a last use. */
const LOOK_BACK = 400;
const UNUSED_DAYS = 90;
const OLD_DAYS = 365;
/** So young a key may well be unused. */
const GRACE_DAYS = 14;
const SOON_MS = 30 * 86_400_000;
const NOBODY = { id: null, kind: "unknown", name: null, email: null } as const;

function matches({ keyId, name, workspace, owner, creator, hint }: Key, search: string | undefined): boolean {
  const needle = search?.trim().toLowerCase() ?? "";
  return [keyId, name, workspace, owner.name, creator.name, creator.email, hint].some((text) =>
    (text ?? "").toLowerCase().includes(needle),
  );
}

/** Keys without a value stand last in either order. */
function inOrder(sort: (typeof SORTS)[number], order: "asc" | "desc") {
  const sign = order === "asc" ? 1 : -1;
  return (a: Key, b: Key): number => {
    const [left, right] = [a, b].map((key) => (sort === "tokens" ? Number(key.tokens ?? 0) : key[sort]));
    if (left == null || right == null) {
      if (left !== right) return left == null ? 1 : -1;
    } else if (left !== right) return left < right ? -sign : sign;
    return a.keyId < b.keyId ? -1 : 1;
  };
}
