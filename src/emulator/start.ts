import type { Emulator, ServeOptions } from "./server/serve-world.ts";
import { serveWorld } from "./server/serve-world.ts";
import { createWorld } from "./world/index.ts";
import type { World, WorldOptions } from "./world/types.ts";

export interface EmulatorOptions extends ServeOptions {
  /** A world, whose directory writes will change in place, or what to make one from. */
  readonly world: World | WorldOptions;
}

/** Serves an invented organization over HTTP as Anthropic's Admin API would. */
export async function startEmulator({ world, ...options }: EmulatorOptions): Promise<Emulator> {
  return serveWorld("directory" in world ? world : createWorld(world), options);
}
