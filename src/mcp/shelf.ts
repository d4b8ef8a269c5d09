import type { Tool } from "./define-tool.ts";
import { listedTool, type ListedTool } from "./listed-tool.ts";

/** Where the tools come from. */
export interface Shelf {
  listed(): Promise<readonly Listing[]>;
  find(name: string): Promise<Tool | undefined>;
}

/** A tool as it is listed, with what decides whom it is listed for. */
export interface Listing extends Pick<Tool, "permission" | "effect"> {
  readonly tool: ListedTool;
}

/** Tools that are there already, listed once. */
export function shelfOf(load: () => Promise<readonly Tool[]>): Shelf {
  let listings: Promise<readonly Listing[]> | undefined;
  let byName: Promise<ReadonlyMap<string, Tool>> | undefined;
  return {
    listed: () => (listings ??= load().then((tools) => tools.map(listingOf))),
    find: async (name) =>
      (await (byName ??= load().then((tools) => new Map(tools.map((tool) => [tool.name, tool]))))).get(name),
  };
}

/** The catalog. */
export const shelf: Shelf = shelfOf(async () => (await import("./tools/index.ts")).tools);

function listingOf(tool: Tool): Listing {
  return { permission: tool.permission, effect: tool.effect, tool: listedTool(tool) };
}
