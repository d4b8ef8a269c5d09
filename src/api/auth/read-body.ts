import type { z } from "zod";

import { Failure, refuseBrokenText } from "../../domain/index.ts";
import type { ApiContext } from "../env.ts";
import { readJson } from "../read-json.ts";

/** Nobody is signed in yet: a name, a password and a link are short. */
const MOST_BYTES = 16 * 1024;

/**
 * Reads a JSON body. Other content types are refused: a form of another site could send them.
 *
 * @throws Failure `input.invalid` naming the member; values are not repeated, they may be secrets.
 */
export async function readBody<S extends z.ZodType>(c: ApiContext, schema: S): Promise<z.output<S>> {
  const type = (c.req.header("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
  if (type !== "application/json") throw invalid("content-type", "is not application/json");
  const read = schema.safeParse(await readJson(c.req.raw, MOST_BYTES));
  if (read.success) {
    refuseBrokenText(read.data);
    return read.data;
  }
  const [issue] = read.error.issues;
  throw invalid(issue?.path.join(".") || "body", issue?.message ?? "cannot be read");
}

function invalid(field: string, problem: string): Failure {
  return new Failure("input.invalid", { field, problem, remedy: "Correct it and try again." });
}
