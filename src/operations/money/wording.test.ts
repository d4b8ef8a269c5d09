import { expect, it } from "vitest";

import { memberName } from "./wording.ts";

it.each([
  ["model_family", "opus", "Opus"],
  ["team", "Platform", "Platform"],
  ["team", null, "Use without a team"],
  ["api_key", null, "Use without an API key"],
])("calls %s %j in a sentence %j", (dimension, key, name) => {
  expect(memberName(dimension, key)).toBe(name);
});
