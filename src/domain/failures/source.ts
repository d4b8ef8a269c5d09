import { again, credential, local, partial, usage, type FailureKind } from "./failure-kind.ts";

/** What came of asking Anthropic. */
export const SOURCE_FAILURES = {
  "source.key_kind": { ...usage, exit: 4, says: "{says}", hint: "{remedy}" },
  "source.credential_refused": {
    ...credential,
    says: "Anthropic refused the key of this connection ({status}: {message}; request {requestId}).",
    hint: "Check that it is an Admin key (sk-ant-admin…) that is neither revoked nor expired. An admin of the organization makes one in the Console (Settings → Admin keys); then replace the key with it (Connections in the dashboard, or run bursar connect again).",
  },
  "source.other_organization": {
    ...credential,
    says: "This key belongs to organization {found}, not to {expected}.",
    hint: "Nothing was changed. Use a key of the same organization, or connect this one under another --name.",
  },
  "source.not_permitted": {
    ...partial,
    says: "This key may not read {endpoint} ({message}).",
    hint: "The other streams are unaffected; a key with more rights makes this one available.",
  },
  "source.not_found": {
    ...partial,
    says: "{endpoint} is not there for this organization ({message}).",
    hint: "Its plan or a beta may not include it; the other streams are unaffected.",
  },
  "source.billing": {
    ...partial,
    says: "Anthropic reports a billing problem ({message}; request {requestId}).",
    hint: "Settle it in the Console, then sync again.",
  },
  "source.bad_request": {
    ...partial,
    says: "Anthropic refused the request ({message}; request {requestId}).",
    hint: "This is likely a change of the API: report it with the request id.",
  },
  "source.page_expired": {
    ...partial,
    says: "The page token of {endpoint} expired.",
    hint: "The window is read again from its first page.",
  },
  "source.spend_limit": {
    ...partial,
    says: "A spend limit stops this request ({message}).",
    hint: "It ends {until}; raise the limit or wait.",
  },
  "source.rate_limited": {
    ...again,
    says: "Anthropic limits the rate of requests (request {requestId}).",
    hint: "Sync again later; nothing was lost.",
  },
  "source.unavailable": {
    ...again,
    says: "Anthropic answered {status} ({message}; request {requestId}).",
    hint: "Sync again later; nothing was lost.",
  },
  "source.unreachable": {
    ...again,
    says: "{host} cannot be reached ({cause}).",
    hint: "Check the network, proxy and BURSAR_UPSTREAM.",
  },
  "source.timeout": {
    ...again,
    says: "{host} did not answer in time ({phase}).",
    hint: "Sync again later; nothing was lost.",
  },
  "source.body_broken": {
    ...again,
    says: "The answer of {endpoint} was cut or damaged ({problem}).",
    hint: "Nothing of it was stored. Sync again later.",
  },
  "source.empty_body": {
    ...again,
    says: "{endpoint} answered {status} without a body.",
    hint: "Nothing was stored: an empty answer is not taken for no usage. Sync again later.",
  },
  "source.certificate": {
    ...partial,
    says: "The certificate of {host} is not trusted ({cause}).",
    hint: "No byte of the key was sent. Behind a company proxy, set NODE_EXTRA_CA_CERTS.",
  },
  "source.redirected": {
    ...partial,
    says: "{host} redirects to {target}.",
    hint: "A key is never sent along a redirect. Correct BURSAR_UPSTREAM.",
  },
  "source.not_the_api": {
    ...partial,
    says: "{host} answered something that is not the API: {excerpt}",
    hint: "A proxy or a sign-in page may stand in between.",
  },
  "source.body_unreadable": {
    ...partial,
    says: "The answer of {endpoint} is not readable ({problem}).",
    hint: "Nothing of it was stored. Report it with request {requestId}.",
  },
  "source.body_too_large": {
    ...partial,
    says: "The answer of {endpoint} is larger than {most} bytes.",
    hint: "It was aborted; nothing of it was stored.",
  },
  "source.pages_without_end": {
    ...partial,
    says: "{endpoint} promised more than {most} pages.",
    hint: "What was read is kept as an incomplete window.",
  },
  "source.read_only": {
    ...local,
    says: "{method} {path} was stopped: this client only reads.",
    hint: "Report this: no part of Bursar should ask for it.",
  },
  "source.write_refused": {
    ...partial,
    says: "Anthropic refused the change ({message}; {code}; request {requestId}).",
    hint: "Nothing was changed. {remedy}",
  },
  "source.upstream_refused": {
    ...usage,
    says: "upstream: {value} is not allowed ({problem}).",
    hint: "Use an https address; http is allowed to loopback only.",
  },
  "source.document_refused": {
    ...partial,
    says: "The document at {host} is not read ({problem}).",
    hint: "It must stand on the public internet, on https, without a redirect, and be small.",
  },
  "source.amount_unreadable": {
    ...partial,
    says: "{value} is not a decimal amount.",
    hint: "The record is kept as it is; its amount is unknown.",
  },
} as const satisfies Record<string, FailureKind>;
