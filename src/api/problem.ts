import { isFailure, scrub, type FailureCode } from "../domain/index.ts";

/** RFC 9457, with the code of the failure, the member of the input that it is about, and what to do next. */
export interface Problem {
  /** Path of this server that tells more about the kind. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: FailureCode | "bug";
  readonly field?: string;
  readonly hint: string;
  /** Stands in our log beside what happened. */
  readonly requestId: string;
}

export const PROBLEM_TYPE = "application/problem+json";

/** A failure in its own words; anything else is a bug of ours, of which nothing is told but the request's id. */
export function problemOf(thrown: unknown, requestId: string): Problem {
  if (!isFailure(thrown)) {
    return {
      type: "/problems/bug",
      title: "A fault of Bursar",
      status: 500,
      detail: "Something went wrong that should not.",
      code: "bug",
      hint: `Report it with the request id ${requestId}, which stands in the log.`,
      requestId,
    };
  }
  const { code, status, message, hint, facts } = thrown;
  const { field } = facts;
  return {
    type: `/problems/${code}`,
    title: titleOf(code),
    status,
    detail: scrub(message),
    code,
    ...(typeof field === "string" ? { field: scrub(field) } : {}),
    hint: scrub(hint),
    requestId,
  };
}

export function problemResponse(problem: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { "content-type": PROBLEM_TYPE, ...headers },
  });
}

/** The same for every problem of a kind: `input.unknown_value` is "Input: unknown value". */
export function titleOf(code: string): string {
  const [area = "", kind = ""] = code.split(".");
  const words = kind.replaceAll("_", " ");
  return area === "api"
    ? `${words.charAt(0).toUpperCase()}${words.slice(1)}`
    : `${area.charAt(0).toUpperCase()}${area.slice(1)}: ${words}`;
}
