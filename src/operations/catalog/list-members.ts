import { z } from "zod";

import { dayOfInstant, dayOfText, normalizedEmail } from "../../domain/index.ts";
import { activeHistories, readUsage } from "../../metrics/index.ts";
import { defineOperation } from "../define.ts";
import { listedRows, listReadAt } from "../directory.ts";
import { filters } from "../filters.ts";
import { hasLeft } from "../key-owners.ts";
import { dayOrNull, envelope, identity, identityOf, paged, pageOf, paging } from "../people-pieces.ts";
import { refuseStale } from "../stale-rows.ts";

const flag = z.enum(["not_in_roster", "left_but_member", "never_active", "idle_30_days"]);
type Flag = z.output<typeof flag>;

export const listMembersOperation = defineOperation({
  id: "listMembers",
  title: "Members",
  summary: "Members of the organizations with role, last use and their entry in the list of people, and what is odd.",
  input: z.object({
    search: z.string().max(200).optional(),
    flag: flag.optional().describe("only members of whom this is said"),
    role: z.string().max(100).optional(),
    asOf: filters.asOf,
    ...paging,
  }),
  output: z.object({
    ...envelope,
    listReadAt: z.string().nullable().describe("when the list itself was last read"),
    roles: z.array(z.object({ role: z.string(), members: z.int() })),
    flags: z.array(z.object({ flag, members: z.int() })),
    ...paged,
    rows: z.array(
      z.object({
        userId: z.string(),
        organizationId: z.string(),
        email: z.string().nullable(),
        role: z.string().nullable(),
        addedAt: z.string().nullable(),
        workspaces: z.int(),
        keysCreated: z.int(),
        firstActive: z.string().nullable().describe("with Claude Code, of everything that is held"),
        lastActive: z.string().nullable(),
        listed: z.object(identity).describe("who this is in the list of people"),
        flags: z.array(flag),
      }),
    ),
  }),
  permission: "people",
  effect: "read",
  past: "record",
  audit: "none: looks at single people are recorded by the surfaces that show them",
  async run(context, input) {
    const { store, scope, clock } = context;
    await refuseStale(context);
    const today = dayOfInstant(clock.now());
    return store.read(async (tx) => {
      const reading = await readUsage(tx, scope, { population: "all" }, clock.now());
      const histories = await activeHistories(reading.asking, reading.span, reading.span.to - 1, "all");
      const who = await reading.asking.identities();
      const workspaces = Map.groupBy(await listedRows(tx, context, "workspace_members"), (row) => row.text("user_id"));
      const keys = Map.groupBy(await listedRows(tx, context, "api_keys"), (row) => row.text("created_by_id"));
      const hasRoster = who.known.size > 0;
      const members = (await listedRows(tx, context, "users")).map((row) => {
        const userId = row.text("id") ?? "";
        const email = row.text("email");
        const found = email === null ? null : who.ofEmail(email);
        const person = found?.population === "humans" ? found.person : normalizedEmail(email ?? userId);
        const listed = who.known.get(person) ?? null;
        const history = histories.get(person);
        const addedAt = row.text("added_at");
        const added = addedAt === null ? null : dayOfText(addedAt);
        const flags: Flag[] = [];
        if (hasRoster && listed === null) flags.push("not_in_roster");
        if (listed !== null && hasLeft(listed, today)) flags.push("left_but_member");
        if (history === undefined) flags.push("never_active");
        else if (history.last < today - IDLE_DAYS && (added ?? 0) < today - IDLE_DAYS) flags.push("idle_30_days");
        return {
          userId,
          organizationId: row.organizationId,
          email,
          role: row.text("role"),
          addedAt,
          workspaces: workspaces.get(userId)?.length ?? 0,
          keysCreated: keys.get(userId)?.length ?? 0,
          firstActive: dayOrNull(history?.first),
          lastActive: dayOrNull(history?.last),
          listed: {
            ...identityOf(person, listed, who.teamOf(person, today)),
            ...(listed === null ? { name: row.text("name") ?? person } : {}),
          },
          flags,
        };
      });
      const { rows, ...part } = pageOf(
        members
          .filter((row) => matches(row, input.search) && (!input.flag || row.flags.includes(input.flag)))
          .filter((row) => input.role === undefined || row.role === input.role)
          .sort((a, b) => (a.listed.name.toLowerCase() < b.listed.name.toLowerCase() ? -1 : 1)),
        input,
      );
      return {
        ...reading.envelope,
        listReadAt: await listReadAt(tx, context, "users"),
        roles: [...Map.groupBy(members, (row) => row.role ?? "unknown")].map(([role, own]) => ({
          role,
          members: own.length,
        })),
        flags: flag.options.map((one) => ({
          flag: one,
          members: members.filter((row) => row.flags.includes(one)).length,
        })),
        ...part,
        rows,
      };
    });
  },
});

const IDLE_DAYS = 30;

function matches(
  {
    email,
    listed,
  }: { readonly email: string | null; readonly listed: { readonly name: string; readonly team: string | null } },
  search: string | undefined,
): boolean {
  const needle = search?.trim().toLowerCase() ?? "";
  return [email ?? "", listed.name, listed.team ?? ""].some((text) => text.toLowerCase().includes(needle));
}
