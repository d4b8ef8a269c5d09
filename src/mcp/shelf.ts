import { readFile } from "node:fs/promises";

import type { McpPrompt } from "./define-prompt.ts";
import type { McpResource } from "./define-resource.ts";
import type { Tool } from "./define-tool.ts";
import type { ListedTool } from "./listed-tool.ts";

/** Where tools, resources and prompts come from: each is loaded when it is asked for. */
export interface Shelf {
  listed(): Promise<readonly Listing[]>;
  find(name: string): Promise<Tool | undefined>;
  resources(): Promise<readonly McpResource[]>;
  prompts(): Promise<readonly McpPrompt[]>;
}

/** A tool as it is listed, with what decides whom it is listed for. */
export interface Listing extends Pick<Tool, "permission" | "effect"> {
  readonly tool: ListedTool;
}

export interface ShelfContent {
  readonly tools: () => Promise<readonly Tool[]>;
  readonly resources: () => Promise<readonly McpResource[]>;
  readonly prompts: () => Promise<readonly McpPrompt[]>;
  /** The list of the tools, where somebody wrote it down. */
  readonly written?: () => Promise<readonly Listing[] | null>;
}

export function shelfOf({ tools, resources, prompts, written }: ShelfContent): Shelf {
  let listings: Promise<readonly Listing[]> | undefined;
  let byName: Promise<ReadonlyMap<string, Tool>> | undefined;
  const list = async () => (await written?.()) ?? listing(await tools());
  const names = async () => new Map((await tools()).map((tool) => [tool.name, tool]));
  return {
    listed: () => (listings ??= list()),
    find: async (name) => (await (byName ??= names())).get(name),
    resources,
    prompts,
  };
}

/** The catalogs. Tools are listed as the build wrote them down: making every schema costs most of a start. */
export const shelf: Shelf = shelfOf({
  tools: async () => (await import("./tools/index.ts")).tools,
  resources: async () => (await import("./resources/index.ts")).resources,
  prompts: async () => (await import("./prompts/index.ts")).prompts,
  written: writtenDown,
});

/** Null where the sources run as they are: the build puts the list beside the program. */
async function writtenDown(): Promise<readonly Listing[] | null> {
  try {
    const text = await readFile(new URL("./mcp-tools.json", import.meta.url), "utf8");
    // Made by `listing` of the same sources.
    return JSON.parse(text) as Listing[];
  } catch {
    return null;
  }
}

async function listing(tools: readonly Tool[]): Promise<Listing[]> {
  const { listedTool } = await import("./listed-tool.ts");
  return tools.map((tool) => ({ permission: tool.permission, effect: tool.effect, tool: listedTool(tool) }));
}
