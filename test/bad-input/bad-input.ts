import type { Proof } from "../support/proof.ts";

/** What nobody should send: to which surface, what is answered, and the tests that show it. */
export interface BadInput {
  readonly input: string;
  readonly answer: string;
  readonly proofs: readonly Proof[];
}

/** `proofIn("test/api/bad-input.test.ts")("a body")`: rows of one file read better so. */
export function proofIn(file: string): (test: string) => Proof {
  return (test) => ({ file, test });
}
