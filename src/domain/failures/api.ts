import { request, type FailureKind } from "./failure-kind.ts";

/** Requests over HTTP that are answered otherwise than asked. */
export const API_FAILURES = {
  "api.unknown_path": {
    ...request,
    status: 404,
    says: "There is nothing at this path.",
    hint: "See /api/reference for what there is.",
  },
  "api.method": { ...request, status: 405, says: "{method} is not answered here.", hint: "Use {allowed}." },
  "api.unknown_tenant": {
    ...request,
    status: 404,
    says: "tenant: there is no such tenant for you.",
    hint: "Leave it out, or name one of those that /auth/me lists.",
  },
  "api.host_unknown": {
    ...request,
    status: 421,
    says: "This host name is not served here.",
    hint: "Name it in BURSAR_PUBLIC_URL; see docs/configuration.md.",
  },
  "api.origin_refused": {
    ...request,
    status: 403,
    says: "A page of another origin may not order anything here.",
    hint: "Call from the dashboard itself, or from a program with an API token and without an Origin.",
  },
  "api.not_json": {
    ...request,
    status: 415,
    says: "The body is not JSON by its content type.",
    hint: "Send content-type: application/json.",
  },
  "api.not_acceptable": {
    ...request,
    status: 406,
    says: "This answer has no table that CSV could hold.",
    hint: "Accept application/json.",
  },
  "api.body_too_large": {
    ...request,
    status: 413,
    says: "The body is larger than {most} bytes.",
    hint: "Send less at a time.",
  },
  "api.address_too_long": {
    ...request,
    status: 414,
    says: "The address is longer than {most} characters.",
    hint: "Ask with fewer conditions at a time.",
  },
  "api.cursor_outdated": {
    ...request,
    status: 410,
    says: "cursor: the record changed, or the question did, since the page before.",
    hint: "Ask again without a cursor, from the first page.",
  },
  "api.rate_limited": {
    ...request,
    status: 429,
    says: "Too many requests ({limit}).",
    hint: "Wait {seconds} s and ask again.",
  },
  "api.timeout": {
    ...request,
    status: 504,
    says: "The answer took longer than {seconds} s.",
    hint: "Ask for fewer days, or ask again: what was begun may be ready by then.",
  },
} as const satisfies Record<string, FailureKind>;
