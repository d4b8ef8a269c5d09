import { z } from "zod";

import { dayOfInstant, dayOfText, normalizedEmail } from "../../domain/index.ts";
import { readIdentities } from "../../metrics/index.ts";
import { defineOperation } from "../define.ts";
import { listedRows, listReadAt, memberEmails } from "../directory.ts";
import { warnings } from "../figures.ts";
import { filters } from "../filters.ts";
import { hasLeft } from "../key-owners.ts";
import { refuseStale } from "../stale-rows.ts";

const flag = z.enum(["expired", "expires_soon", "pending_14_days", "not_in_roster", "left", "already_member"]);
type Flag = z.output<typeof flag>;

export const listInvites = defineOperation({
  id: "listInvites",
  title: "Invites",
  summary: "Invitations to the organizations with status, age and expiry, and what is odd about them.",
  input: z.object({ status: z.string().max(50).optional(), asOf: filters.asOf }),
  output: z.object({
    listReadAt: z.string().nullable().describe("when the list itself was last read"),
    warnings,
    statuses: z.array(z.object({ status: z.string(), invites: z.int() })),
    rows: z.array(
      z.object({
        inviteId: z.string(),
        organizationId: z.string(),
        email: z.string().nullable(),
        role: z.string().nullable(),
        status: z.string().nullable(),
        invitedAt: z.string().nullable(),
        ageDays: z.int().nullable(),
        expiresAt: z.string().nullable(),
        acceptedAt: z.string().nullable(),
        personId: z.string().nullable(),
        name: z.string().nullable().describe("in the list of people"),
        team: z.string().nullable(),
        flags: z.array(flag),
      }),
    ),
  }),
  permission: "people",
  effect: "read",
  past: "lists",
  audit: "none: looks at single people are recorded by the surfaces that show them",
  fresh: true,
  async run(context, { status: asked }) {
    const { store, scope, clock } = context;
    await refuseStale(context);
    const now = clock.now();
    const today = dayOfInstant(now);
    return store.read(async (tx) => {
      const who = await readIdentities(tx, scope);
      const members = new Set((await memberEmails(tx, context)).values());
      const invites = (await listedRows(tx, context, "invites")).map((row) => {
        const email = row.text("email");
        const [status, invitedAt, expiresAt] = [row.text("status"), row.text("invited_at"), row.text("expires_at")];
        const found = email === null ? null : who.ofEmail(email);
        const listed = found?.population === "humans" ? who.known.get(found.person) : undefined;
        const invited = invitedAt === null ? null : dayOfText(invitedAt);
        const ageDays = invited === null ? null : today - invited;
        const flags: Flag[] = [];
        const isOpen = status === "pending";
        const left = expiresAt === null ? Infinity : Date.parse(expiresAt) - now;
        if (status === "expired" || (isOpen && left <= 0)) flags.push("expired");
        else if (isOpen && left < SOON_MS) flags.push("expires_soon");
        if (isOpen && (ageDays ?? 0) >= OLD_DAYS) flags.push("pending_14_days");
        if (isOpen && who.known.size > 0 && listed === undefined) flags.push("not_in_roster");
        if (isOpen && listed !== undefined && hasLeft(listed, today)) flags.push("left");
        if (isOpen && email !== null && members.has(normalizedEmail(email))) flags.push("already_member");
        return {
          inviteId: row.text("id") ?? "",
          organizationId: row.organizationId,
          email,
          role: row.text("role"),
          status,
          invitedAt,
          ageDays,
          expiresAt,
          acceptedAt: row.text("accepted_at"),
          personId: listed?.personId ?? null,
          name: listed?.name ?? null,
          team: found?.population === "humans" ? who.teamOf(found.person, today) : null,
          flags,
        };
      });
      return {
        listReadAt: await listReadAt(tx, context, "invites"),
        warnings: [],
        statuses: [...Map.groupBy(invites, (row) => row.status ?? "unknown")].map(([status, own]) => ({
          status,
          invites: own.length,
        })),
        rows: invites
          .filter((row) => asked === undefined || row.status === asked)
          .sort((a, b) => ((a.invitedAt ?? "") > (b.invitedAt ?? "") ? -1 : 1)),
      };
    });
  },
});

const OLD_DAYS = 14;
const SOON_MS = 3 * 86_400_000;
