import type { Reply } from "./reply.ts";
import { jsonReply } from "./reply.ts";

const TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  409: "conflict_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
  502: "api_error",
  503: "api_error",
  504: "timeout_error",
  529: "overloaded_error",
};

export interface ProblemDetails {
  readonly error_code: string;
  readonly field?: string;
}

/** A refusal of the API, thrown by endpoints and turned into the error envelope. */
export class Problem extends Error {
  readonly status: number;
  readonly details: ProblemDetails | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    options: { code?: string; field?: string; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.name = "Problem";
    this.status = status;
    this.headers = options.headers ?? {};
    this.details =
      options.code === undefined
        ? null
        : options.field === undefined
          ? { error_code: options.code }
          : { error_code: options.code, field: options.field };
  }
}

/** A bad parameter: the message starts with the field's name, as the API's validation messages do. */
export const badField = (field: string, reason: string): Problem => new Problem(400, `${field}: ${reason}`);

export const notFound = (what: string): Problem => new Problem(404, what);

/** The error envelope; `request_id` equals the `request-id` header. */
export function problemReply(problem: Problem, requestId: string): Reply {
  const type = TYPES[problem.status] ?? "invalid_request_error";
  return jsonReply(
    problem.status,
    { type: "error", error: { type, message: problem.message, details: problem.details }, request_id: requestId },
    problem.headers,
  );
}
