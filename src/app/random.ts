import { randomBytes } from "node:crypto";

import type { Random } from "../domain/index.ts";

export const random: Random = {
  bytes: (count) => randomBytes(count),
  // Jitter needs no better one.
  fraction: () => Math.random(),
};
