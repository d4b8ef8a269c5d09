import { readFile } from "node:fs/promises";

import type { Tool } from "./define-tool.ts";
import type { ListedTool } from "./listed-tool.ts";

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
    listed: () => (listings ??= listing(load)),
    find: async (name) =>
      (await (byName ??= load().then((tools) => new Map(tools.map((tool) => [tool.name, tool]))))).get(name),
  };
}

const catalog = shelfOf(async () => (await import("./tools/index.ts")).tools);

/** The catalog. It is listed as the build wrote it down, where it was built: making every schema costs most of a start. */
export const shelf: Shelf = { ...catalog, listed: async () => (await writtenDown()) ?? catalog.listed() };

/** Where the build puts the list, beside the program. */
const WRITTEN = new URL("./mcp-tools.json", import.meta.url);

async function writtenDown(): Promise<readonly Listing[] | null> {
  try {
    // Made by the same function of the same sources.
    return JSON.parse(await readFile(WRITTEN, "utf8")) as Listing[];
  } catch {
    return null;
  }
}

async function listing(load: () => Promise<readonly Tool[]>): Promise<Listing[]> {
  const { listedTool } = await import("./listed-tool.ts");
  return (await load()).map((tool) => ({ permission: tool.permission, effect: tool.effect, tool: listedTool(tool) }));
}
