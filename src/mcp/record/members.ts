import { shown } from "../../domain/index.ts";
import { catalog } from "../../operations/index.ts";
import type { ToolCall } from "../tool-call.ts";

const MOST_NAME = 200;

const NAMED = ["workspace", "api_key"] as const;

/** What the ids of workspaces and keys are called, where an answer is split by them; others are their own names. */
export async function memberNames(call: ToolCall, by: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const dimension of NAMED.filter((one) => by.includes(one))) {
    const found = await call.ask(await catalog.memberNames(), { dimension });
    for (const { id, name } of found.names) names.set(id, name);
  }
  return names;
}

/** A row with its members capped, and with the name of a workspace or key beside its id. */
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
