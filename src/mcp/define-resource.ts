import type { Permission } from "../access/index.ts";
import type { NameKind } from "./completions.ts";
import type { ToolCall } from "./tool-call.ts";

/** What a resource may use of a call. */
export type Asking = Pick<ToolCall, "context" | "ask">;

/** Something that a client can show or attach: read when it is asked for, kept nowhere. */
export interface McpResource {
  /** `kebab-case`; it names the resource in lists and in the ledger. */
  readonly name: string;
  /** An address, or a template of addresses (RFC 6570). */
  readonly uri: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: "application/json" | "text/csv" | "text/plain";
  readonly permission: Permission;
  /** What its members are names of, for completion. */
  readonly completes?: Readonly<Record<string, NameKind>>;
  /** @param members of the template, as they stand in the address */
  read(call: Asking, members: Readonly<Record<string, string>>): Promise<ResourceContent>;
}

/** Data, written as JSON; rows, written as CSV; or text as it is. Names in data and rows are made safe by the host. */
export type ResourceContent =
  | { readonly data: unknown }
  | { readonly rows: readonly Readonly<Record<string, unknown>>[] }
  | { readonly text: string };

export function defineResource(resource: McpResource): McpResource {
  return resource;
}
