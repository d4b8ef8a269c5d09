import { proofIn, type BadInput } from "./bad-input.ts";

const table = proofIn("test/api/bad-input.test.ts");
const attacks = proofIn("test/api/attacks.test.ts");
const security = proofIn("test/api/security.test.ts");
const roles = proofIn("test/api/roles.test.ts");
const pasted = proofIn("test/api/pasted-keys.test.ts");
const factor = proofIn("src/api/auth/second-factor.test.ts");
const resource = proofIn("test/oauth/resource.test.ts");

export const apiInputs: readonly BadInput[] = [
  { input: "no body, an empty one", answer: "422 at the member that is missing", proofs: [table("that is none")] },
  { input: "not JSON, NaN", answer: "422", proofs: [table("that is no JSON"), table("not a number")] },
  {
    input: "JSON of another type, arrays for scalars, numbers as strings",
    answer: "422 at the body or the member",
    proofs: [table("with a list for a text"), table("with a text for truth"), table("with a number that is %s")],
  },
  {
    input: "10 MB, of a stated length or of none",
    answer: "413 before more is read",
    proofs: [security("larger than a MiB"), attacks("that says no length is given up")],
  },
  { input: "depth 10,000", answer: "422", proofs: [attacks("nested without end is refused")] },
  { input: "duplicate keys", answer: "422", proofs: [table("with a member twice")] },
  { input: "wrong content type", answer: "415", proofs: [security("which a form can send, is refused")] },
  {
    input: "`Content-Length` lies; the body breaks off",
    answer: "400, or no answer; nothing is kept",
    proofs: [table("a length that is too short"), table("that end before they said")],
  },
  { input: "both `Content-Length` and chunks", answer: "400", proofs: [security("a length beside chunks")] },
  { input: "chunk errors", answer: "400", proofs: [table("a chunk whose size is none")] },
  { input: "unknown members", answer: "422 naming it", proofs: [table("with a member that nobody knows")] },
  {
    input: "`__proto__` and its like",
    answer: "422, or a value like any other",
    proofs: [table("with __proto__"), attacks("names that every object has")],
  },
  {
    input: "NUL and lone surrogates in strings",
    answer: "422 where something would be kept",
    proofs: [table("with a zero in a text"), table("with half of a pair in a text")],
  },
  { input: "1e400, beyond 2^53, a fraction", answer: "422", proofs: [table("more than any number")] },
  {
    input: "a budget of 1e9, `1,000`, `-0`, a wide zero, 10^30, with 200 thresholds",
    answer: "422 at the member",
    proofs: [table("of a budget with %s is refused")],
  },
  {
    input: "retention of 0, a fraction, 10^9 days; a webhook with a password",
    answer: "422 at the setting",
    proofs: [table("with the setting %s: %j is refused"), table("identityDays=1e9")],
  },
  { input: "method not allowed, OPTIONS", answer: "405 with `Allow`", proofs: [table("is not answered to %s")] },
  { input: "TRACE", answer: "4xx, repeating nothing", proofs: [security("is a refusal that repeats nothing")] },
  { input: "HEAD of a stream", answer: "405, opening nothing", proofs: [attacks("HEAD of what goes on and on")] },
  {
    input: "double slash, `%2e%2e/`, `%00`, overlong UTF-8",
    answer: "404 or 400",
    proofs: [table("leads nowhere"), table("an address in overlong UTF-8")],
  },
  { input: "8 kB URL", answer: "414", proofs: [security("refuse an address without end")] },
  {
    input: "200 headers, 3,000 headers, 20 kB of one",
    answer: "taken; 431",
    proofs: [table("of two hundred headers"), table("thousands of headers"), security("refuse headers without end")],
  },
  { input: "repeated query parameter", answer: "422", proofs: [table("from=2026-10-30&from=2026-10-29")] },
  {
    input: "10,000 generated requests",
    answer: "no 5xx, no stack, no secret",
    proofs: [proofIn("test/api/fuzz.test.ts")("wild requests bring no fault")],
  },
];

export const rangeInputs: readonly BadInput[] = [
  { input: "start > end", answer: "422 at `from`", proofs: [table("from=2026-10-31&to=2026-10-30")] },
  { input: "start = end", answer: "that one day", proofs: [table("of one day is one")] },
  {
    input: "100 years, year 0, year 275760, the future",
    answer: "422",
    proofs: [table("from=1926-01-01"), table("from=0000-01-01"), table("from=275760"), table("from=9999-12-31")],
  },
  {
    input: "2026-02-30, local time without zone, +14:00, leap second",
    answer: "422",
    proofs: [
      table("asOf=2026-02-30"),
      table("from=2026-02-30"),
      table("T00:00:00"),
      table("%2B14:00"),
      table("23:59:60Z"),
    ],
  },
  {
    input: "page 0, -1, 1e9; limit 0, 10^6",
    answer: "422",
    proofs: [table("page=0"), table("limit=-1"), table("limit=1e9"), table("limit=0"), table("limit=1000000")],
  },
  {
    input: "sort by unknown, group by unknown",
    answer: "422",
    proofs: [table("sort=nothing"), table("by=nothing")],
  },
];

export const idInputs: readonly BadInput[] = [
  { input: "another tenant's", answer: "404, as of nothing", proofs: [roles("is that of nothing")] },
  {
    input: "deleted, malformed, SQL, a path, very long, with NUL",
    answer: "404 or 422; nothing changes",
    proofs: [table("that is none changes nothing"), table("that is none is answered with nothing")],
  },
];

export const whoInputs: readonly BadInput[] = [
  {
    input: "a code of a second factor again, in two browsers at once, guessed; the password guessed in a session",
    answer: "422; 429 after five, and after ten",
    proofs: [
      factor("takes each code once, also of two browsers at once"),
      factor("lets five wrong codes through, from wherever"),
      proofIn("test/operations/second-factor.test.ts")("no sooner than the door does"),
    ],
  },
  {
    input: "nobody, expired, revoked, of another scope",
    answer: "401; 403",
    proofs: [table("a token that ended now"), table("a token that was revoked"), table("a token of another scope")],
  },
  { input: "right token in the query", answer: "401", proofs: [roles("is not let in by a token in the address")] },
  { input: "two Authorization headers", answer: "401", proofs: [table("twice in two headers is nobody")] },
  { input: "`bearer` in lower case", answer: "taken", proofs: [table("under bearer in small letters")] },
  {
    input: "JWT with alg none, of a wrong key, of a wrong audience",
    answer: "401",
    proofs: [
      resource("unsigned (alg none)"),
      resource("signed with another key"),
      resource("for another resource"),
      table("an unsigned web token"),
    ],
  },
  { input: "session of a disabled user", answer: "401", proofs: [table("an account that was disabled")] },
  {
    input: "an order without Origin, as a form sends it",
    answer: "415",
    proofs: [table("gives no order that a form could have sent")],
  },
  { input: "foreign or `null` Origin", answer: "403", proofs: [security("from a page of %s is refused")] },
  { input: "foreign Host, two Hosts", answer: "421", proofs: [security("may not be %s"), table("a second Host")] },
];

export const credentialInputs: readonly BadInput[] = [
  {
    input: "malformed in any way (F64)",
    answer: "422 at `key`, no request, no echo",
    proofs: [pasted("is answered 422 at its field")],
  },
  { input: "valid twice at once", answer: "one connection", proofs: [pasted("pasted twice at once")] },
  {
    input: "while a sync runs (F62)",
    answer: "one key for the whole run",
    proofs: [proofIn("test/e2e/key-replaced.test.ts")("which ends with the key that it began with")],
  },
  { input: "by a viewer, by an auditor", answer: "403", proofs: [pasted("where who pastes it may not set keys")] },
];
