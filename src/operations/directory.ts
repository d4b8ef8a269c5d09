import { normalizedEmail } from "../domain/index.ts";
import { coverageOf, listOrganizations, rowsSpelled, type SpelledRow, type Tx } from "../store/index.ts";
import type { OperationContext } from "./context.ts";

type ListName = "users" | "invites" | "workspaces" | "workspace_members" | "api_keys";

/** A row of a list that Anthropic keeps of an organization. */
export interface ListedRow {
  readonly organizationId: string;
  text(column: string): string | null;
}

/** The rows of a list, of all organizations, as last read. */
export async function listedRows(
  tx: Tx,
  { scope, streams }: Pick<OperationContext, "scope" | "streams">,
  name: ListName,
): Promise<ListedRow[]> {
  const table = streams.flatMap(({ tables }) => tables).find((one) => one.name === name);
  const rows: ListedRow[] = [];
  if (table === undefined) return rows;
  for (const organizationId of await listOrganizations(tx, scope)) {
    for await (const row of rowsSpelled(tx, scope, table, organizationId)) rows.push(listed(organizationId, row));
  }
  return rows;
}

/** When the list was last read to its end, the earliest of all organizations, or null: of lists, not of days. */
export async function listReadAt(
  tx: Tx,
  { scope }: Pick<OperationContext, "scope">,
  name: ListName,
): Promise<string | null> {
  let earliest: number | null = null;
  for (const organizationId of await listOrganizations(tx, scope)) {
    const [row] = await coverageOf(tx, scope, organizationId, name);
    if (row?.state !== "complete") continue;
    earliest = Math.min(earliest ?? Infinity, row.readAtMs);
  }
  return earliest === null ? null : new Date(earliest).toISOString();
}

/** Members by id; who was removed is in no list. */
export async function memberEmails(
  tx: Tx,
  context: Pick<OperationContext, "scope" | "streams">,
): Promise<ReadonlyMap<string, string>> {
  const members = await listedRows(tx, context, "users");
  return new Map(
    members.flatMap((row) => {
      const [id, email] = [row.text("id"), row.text("email")];
      return id === null || email === null ? [] : [[id, normalizedEmail(email)] as const];
    }),
  );
}

function listed(organizationId: string, row: SpelledRow): ListedRow {
  return {
    organizationId,
    text: (column) => {
      const value = row[column];
      return value === null || value === undefined ? null : String(value);
    },
  };
}
