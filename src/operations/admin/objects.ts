import { z } from "zod";

import { Failure, type JsonObject } from "../../domain/index.ts";
import type { OperationContext } from "../context.ts";
import { warnings } from "../figures.ts";
import { filters } from "../filters.ts";
import { liveObjects } from "./live-objects.ts";
import { organizationsAsked } from "./organizations.ts";
import { recordedObjects } from "./recorded-objects.ts";

/** What the Admin API keeps lists of. */
export type ObjectKind =
  | "organization"
  | "users"
  | "invites"
  | "workspaces"
  | "workspace_members"
  | "api_keys"
  | "rate_limits"
  | "spend_limits";

/** Members of the input of whoever asks for objects. */
export const objectsInput = {
  organization: z.string().max(200).optional().describe("id, name or connection; all when left out"),
  id: z.string().max(200).optional().describe("the one object of this id"),
  live: z.boolean().default(false).describe("ask Anthropic now instead of the record"),
  asOf: filters.asOf,
} as const;

export const objectsOutput = {
  source: z.enum(["record", "anthropic"]),
  /** When they were read; of several organizations the earliest. Null: never. */
  readAt: z.string().nullable(),
  /** Objects that the caller may not see. */
  hidden: z.int(),
  warnings,
  rows: z
    .array(
      z.object({
        organizationId: z.string(),
        /** The object as Anthropic gives it. */
        object: z.record(z.string(), z.unknown()),
        /** Of one that Anthropic no longer returns: since when, at the latest. */
        goneSince: z.string().nullable(),
      }),
    )
    .readonly(),
} as const;

export interface ObjectsQuestion {
  readonly kind: ObjectKind;
  readonly organization?: string | undefined;
  readonly id?: string | undefined;
  /** The workspace whose members or limits are asked for. */
  readonly workspace?: string | undefined;
  readonly live: boolean;
}

export interface FoundObject {
  readonly organizationId: string;
  readonly object: JsonObject;
  readonly goneSince: string | null;
}

export interface FoundObjects {
  readonly source: "record" | "anthropic";
  readonly readAt: string | null;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly rows: readonly FoundObject[];
}

/**
 * Objects of one kind, the newest first, from the record as it was last read, or asked now.
 *
 * @throws Failure `access.unknown` for an id that there is not, `input.invalid`, `source.*`
 */
export async function findObjects(context: OperationContext, question: ObjectsQuestion): Promise<FoundObjects> {
  const organizations = await organizationsAsked(context, question.organization);
  const found = question.live || question.kind === "spend_limits" ? liveObjects : recordedObjects;
  const { rows, ...rest } = await found(context, question, organizations);
  if (rows.length === 0) refuseUnknown(question);
  return { ...rest, rows: newestFirst(rows) };
}

/**
 * Says of an id that there is nothing of it: also of one that the caller may not see, so that nothing is told of either.
 *
 * @throws Failure `access.unknown` where one was asked for
 */
export function refuseUnknown({ kind, id }: Pick<ObjectsQuestion, "kind" | "id">): void {
  if (id !== undefined) throw new Failure("access.unknown", { what: `${ID_NAMES[kind]} ${id}` });
}

const ID_NAMES: Readonly<Record<ObjectKind, string>> = {
  organization: "organization",
  users: "user",
  invites: "invite",
  workspaces: "workspace",
  workspace_members: "member",
  api_keys: "API key",
  rate_limits: "rate limit",
  spend_limits: "spend limit",
};

const DATES = ["created_at", "added_at", "invited_at"];
const IDS = ["id", "user_id", "rate_limit_id"];

function newestFirst(rows: readonly FoundObject[]): FoundObject[] {
  const textOf = (object: JsonObject, names: readonly string[]) =>
    names.map((name) => object[name]).find((value): value is string => typeof value === "string") ?? "";
  return rows
    .map((row) => ({ row, date: textOf(row.object, DATES), id: textOf(row.object, IDS) }))
    .sort((a, b) => (a.date === b.date ? (a.id < b.id ? -1 : 1) : a.date < b.date ? 1 : -1))
    .map(({ row }) => row);
}
