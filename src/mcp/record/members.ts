import { shown } from "../../domain/index.ts";
import { catalog } from "../../operations/index.ts";
import type { ToolCall } from "../tool-call.ts";

const MOST_NAME = 200;

/** What the ids of workspaces are called, where an answer is split by them; other members are their own names. */
export async function memberNames(call: ToolCall, by: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (!by.includes("workspace")) return new Map();
  const { rows } = await call.ask(await catalog.listWorkspaces(), {});
  return new Map(rows.flatMap(({ workspaceId, name }) => (workspaceId === null ? [] : [[workspaceId, name] as const])));
}

/** A row with its members capped, and with the name of a workspace beside its id. */
export function cappedMembers<Row extends Readonly<Record<string, unknown>>>(
  row: Row,
  by: readonly string[],
  names: ReadonlyMap<string, string>,
): Row {
  const members = by.flatMap((dimension) => {
    const { [dimension]: member } = row;
    if (typeof member !== "string") return [];
    const name = names.get(member);
    return [[dimension, capped(member)], ...(name === undefined ? [] : [[`${dimension}Name`, capped(name)]])];
  });
  return { ...row, ...Object.fromEntries(members) };
}

/** A name as long as names are. */
export function capped(name: string): string {
  return shown(name, MOST_NAME);
}
