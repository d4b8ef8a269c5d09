import { Failure, isFailure } from "../domain/index.ts";

/** Codes by which OpenSSL and Node refuse a peer, before any byte of a request is sent. */
const CERTIFICATE =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_CA$|INVALID_PURPOSE$|ERROR_IN_CERT_)/;

const TIMEOUT_PHASES: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: "connecting",
  ETIMEDOUT: "connecting",
  UND_ERR_HEADERS_TIMEOUT: "waiting for the answer",
  UND_ERR_BODY_TIMEOUT: "reading the answer",
};

/** Why no answer came. Only codes go into the message: the text of an error may quote what was sent. */
export function transportFailure(cause: unknown, host: string): Failure {
  const code = codeOf(cause);
  if (CERTIFICATE.test(code)) return new Failure("source.certificate", { host, cause: code }, { cause });
  const phase = TIMEOUT_PHASES[code];
  if (phase !== undefined) return new Failure("source.timeout", { host, phase }, { cause });
  return new Failure("source.unreachable", { host, cause: code }, { cause });
}

/** Why an answer could not be read to its end. */
export function bodyFailure(cause: unknown, host: string, endpoint: string): Failure {
  if (isFailure(cause)) return cause;
  const code = codeOf(cause);
  if (TIMEOUT_PHASES[code] !== undefined) {
    return new Failure("source.timeout", { host, phase: TIMEOUT_PHASES[code] }, { cause });
  }
  return new Failure("source.body_broken", { endpoint, problem: code }, { cause });
}

/** Nothing of a request leaves before its connection stands. */
const NOT_CONNECTED = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];

/**
 * Whether the request was certainly never sent. Not by the kind of the failure alone: the same one may stand for a
 * connection that was lost while the answer was awaited.
 */
export function wasNeverSent(failure: Failure): boolean {
  return failure.code === "source.certificate" || NOT_CONNECTED.includes(codeOf(failure.cause));
}

/** The code of an error, or of the error it wraps: a failed connection to several addresses wraps one each. */
function codeOf(cause: unknown): string {
  for (let at = cause, depth = 0; at instanceof Error && depth < 5; depth++) {
    if ("code" in at && typeof at.code === "string" && at.code !== "") return at.code;
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return cause instanceof Error ? cause.name : "unknown";
}
