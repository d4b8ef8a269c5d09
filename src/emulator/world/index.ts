export { createWorld } from "./world.ts";
export type * from "./types.ts";
