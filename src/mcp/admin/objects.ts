import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { catalog } from "../../operations/index.ts";
import { counted, listedRows, paragraphs, quoted } from "../record/words.ts";
import type { ToolCall } from "../tool-call.ts";
import type { Part } from "./familiar.ts";

/** Where an object comes from, and when it was read. */
export const freshness = {
  source: z.enum(["record", "anthropic"]),
  readAt: z.string().nullable(),
} as const;

/** A list of objects as Anthropic gives them. */
export const objectList = { rows: z.array(z.looseObject({})), ...freshness } as const;

type People = "users" | "invites" | "workspace_members";
type Things = "organization" | "workspaces" | "api_keys" | "rate_limits" | "spend_limits";

/** How each kind is named, and what tells one of them in a line. */
const KINDS: Readonly<
  Record<People | Things, { readonly one: string; readonly many: string; readonly prefix: string }>
> = {
  users: { one: "user", many: "users", prefix: "user_" },
  invites: { one: "invite", many: "invites", prefix: "invite_" },
  workspace_members: { one: "member", many: "members", prefix: "user_" },
  organization: { one: "organization", many: "organizations", prefix: "" },
  workspaces: { one: "workspace", many: "workspaces", prefix: "wrkspc_" },
  api_keys: { one: "API key", many: "API keys", prefix: "apikey_" },
  rate_limits: { one: "group of rate limits", many: "groups of rate limits", prefix: "" },
  spend_limits: { one: "spend limit", many: "spend limits", prefix: "" },
};

export type ObjectRow = Readonly<Record<string, unknown>>;

export interface Objects {
  readonly kind: People | Things;
  readonly rows: readonly ObjectRow[];
  readonly fresh: {
    readonly source: "record" | "anthropic";
    readonly readAt: string | null;
    readonly warnings?: string[];
  };
  readonly notes: readonly string[];
}

export interface AskedObjects {
  readonly kind: People | Things;
  readonly organization?: string | undefined;
  readonly id?: string | undefined;
  readonly workspace?: string | undefined;
  readonly live?: boolean | undefined;
}

/** Objects of a kind, each with the organization where there are several. */
export async function askObjects(call: ToolCall, { kind, live = false, ...asked }: AskedObjects): Promise<Objects> {
  const found = isPeople(kind)
    ? await call.ask(await catalog.adminPeople(), { kind, live, ...asked })
    : await call.ask(await catalog.adminObjects(), { kind, live, ...asked });
  const { source, readAt, hidden, warnings, rows } = found;
  const several = new Set(rows.map(({ organizationId }) => organizationId)).size > 1;
  const told = warnings.map(({ message }) => message);
  const { many } = KINDS[kind];
  return {
    kind,
    rows: rows.map(({ organizationId, object, goneSince }) => ({
      ...object,
      ...(several ? { organization_id: organizationId } : {}),
      ...(goneSince === null ? {} : { gone_since: goneSince }),
    })),
    fresh: { source, readAt, ...(told.length === 0 ? {} : { warnings: told }) },
    notes: [
      ...(hidden === 0 ? [] : [`${counted(hidden, "more is", "more are")} not shown to you: ${many} name people.`]),
      ...(!live && source === "anthropic" ? [`Nothing is recorded of ${many}: Anthropic was asked.`] : []),
    ],
  };
}

/**
 * One object by its id, or by a name where no id has that form.
 *
 * @throws Failure `access.unknown`; `input.invalid` where several have the name
 */
export async function askObject(
  call: ToolCall,
  { id, ...asked }: AskedObjects & { readonly id: string },
  field: string,
  name: string,
): Promise<Objects & { readonly row: ObjectRow }> {
  const { one, prefix } = KINDS[asked.kind];
  if (id.startsWith(prefix)) {
    const found = await askObjects(call, { ...asked, id });
    return { ...found, row: found.rows[0]! };
  }
  const all = await askObjects(call, asked);
  const named = all.rows.filter(({ [name]: value }) => {
    return typeof value === "string" && value.toLowerCase() === id.trim().toLowerCase();
  });
  const [row, ...others] = named;
  if (row === undefined) throw new Failure("access.unknown", { what: `${one} ${id}` });
  if (others.length > 0) {
    const ids = named.map((each) => String(each["id"])).join(", ");
    throw new Failure("input.invalid", { field, problem: "is the name of several", remedy: `Give one of: ${ids}.` });
  }
  return { ...all, row, notes: [...all.notes, `${field} ${quoted(id)} is read as ${String(row["id"])}.`] };
}

/** What a list says in words: how many, of when, and the first of them. */
export function listText(
  { kind, fresh }: Objects,
  all: number,
  { rows }: Part<ObjectRow>,
  line: (row: ObjectRow) => string,
): string {
  const { one, many } = KINDS[kind];
  return paragraphs(
    `${counted(all, one, many)} (${freshWords(fresh)}).`,
    listedRows(rows, (row) => `${line(row)}${goneWords(row)}`),
    ...(fresh.warnings ?? []),
  );
}

export function objectText({ fresh }: Objects, row: ObjectRow, line: string): string {
  return paragraphs(`${line}${goneWords(row)} (${freshWords(fresh)}).`, ...(fresh.warnings ?? []));
}

function goneWords({ gone_since: gone }: ObjectRow): string {
  return typeof gone === "string" ? `, no longer returned since ${gone}` : "";
}

function freshWords({ source, readAt }: Objects["fresh"]): string {
  if (source === "anthropic") return `asked of Anthropic at ${readAt ?? "no time"}`;
  return readAt === null ? "from the record, never read yet" : `from the record, read ${readAt}`;
}

/** Members that somebody chose the words of. */
const CHOSEN: ReadonlySet<string> = new Set(["name", "email", "display_name"]);

/** A member of an object as it stands in a line: what somebody named is quoted, ids and dates are as they are. */
export function told(row: ObjectRow, name: string): string {
  const value = row[name];
  if (typeof value !== "string") return value === null || value === undefined ? "none" : JSON.stringify(value);
  return !CHOSEN.has(name) && /^[\w:.+-]{1,80}$/.test(value) ? value : quoted(value);
}

function isPeople(kind: People | Things): kind is People {
  return kind === "users" || kind === "invites" || kind === "workspace_members";
}
