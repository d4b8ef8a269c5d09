import type { z } from "zod";

import { Failure } from "../../domain/index.ts";
import type { ApiContext } from "../env.ts";

/**
 * Reads a JSON body. Other content types are refused: a form of another site could send them.
 *
 * @throws Failure `input.invalid` naming the member; values are not repeated, they may be secrets.
 */
export async function readBody<S extends z.ZodType>(c: ApiContext, schema: S): Promise<z.output<S>> {
  const type = (c.req.header("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
  if (type !== "application/json") throw invalid("content-type", "is not application/json");
  let body: unknown;
  try {
    body = await c.req.json();
  } catch {
    throw invalid("body", "is not JSON");
  }
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw invalid(issue?.path.join(".") || "body", issue?.message ?? "cannot be read");
}

function invalid(field: string, problem: string): Failure {
  return new Failure("input.invalid", { field, problem, remedy: "Correct it and try again." });
}
