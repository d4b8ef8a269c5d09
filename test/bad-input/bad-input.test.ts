import { expect, it } from "vitest";

import { missingProofs } from "../support/proof.ts";
import { badInputs } from "./index.ts";

it.each(Object.entries(badInputs))("every bad input of %s has a test that is there", async (_, inputs) => {
  expect(inputs.filter(({ proofs }) => proofs.length === 0)).toEqual([]);
  expect(await missingProofs(inputs.flatMap(({ proofs }) => proofs))).toEqual([]);
});
