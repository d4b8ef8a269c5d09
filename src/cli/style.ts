import picocolors from "picocolors";

import type { Io } from "./io.ts";

/** Colours where they are wanted; plain text elsewhere. */
export function styleOf(io: Io): ReturnType<typeof picocolors.createColors> {
  return picocolors.createColors(io.color);
}
