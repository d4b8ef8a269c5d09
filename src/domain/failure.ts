/**
 * Something that a person can act on; any other throw is a bug.
 *
 * Everything that follows from a failure (exit code, HTTP status, retry) stands in this one table.
 */
interface FailureKind {
  /** What happened, in a sentence. `{field}` places are filled with the failure's facts. */
  readonly says: string;
  /** What to do next. */
  readonly hint: string;
  readonly status: number;
  /** 0 complete, 1 a verification that failed, 2 usage, 3 partial, 4 credential, 5 local fault. */
  readonly exit: 1 | 2 | 3 | 4 | 5;
  /** Whether the transport may ask again. */
  readonly retry: boolean;
}

const usage = { status: 422, exit: 2, retry: false } as const;
const partial = { status: 502, exit: 3, retry: false } as const;
const credential = { status: 502, exit: 4, retry: false } as const;
const local = { status: 500, exit: 5, retry: false } as const;
const request = { exit: 2, retry: false } as const;
const refused = { exit: 2, retry: false } as const;
const again = { status: 502, exit: 3, retry: true } as const;

const FAILURES = {
  "input.date_unreadable": {
    ...usage,
    says: "{field}: {value} is not a day.",
    hint: "Write it as YYYY-MM-DD, for example 2026-11-01.",
  },
  "input.range_reversed": {
    ...usage,
    says: "from: {from} is after to: {to}.",
    hint: "Both days are inclusive; give the earlier one as --from.",
  },
  "input.range_too_long": {
    ...usage,
    says: "The range of {days} days is too long.",
    hint: "Ask for at most {most} days.",
  },
  "input.unknown_value": { ...usage, says: "{field}: {value} is unknown.", hint: "Choose one of: {choices}." },
  "input.invalid": { ...usage, says: "{field}: {problem}.", hint: "{remedy}" },
  "input.dimensions_apart": {
    ...usage,
    says: "{first} and {second} are never reported together by the source.",
    hint: "Ask for one of them at a time; totals agree.",
  },
  "input.dimension_not_available": {
    ...usage,
    says: "{metric} cannot be split by {dimension}.",
    hint: "It can be split by: {choices}.",
  },
  "input.file_unreadable": {
    ...usage,
    says: "{field}: {path} cannot be read ({problem}).",
    hint: "Give the path of a readable file.",
  },
  "input.folder_forbidden": {
    ...local,
    says: "{field}: {path} cannot be read (permission).",
    hint: "Run it as a user who may read it.",
  },
  "input.folder_not_empty": {
    ...usage,
    says: "{path} exists and is not empty.",
    hint: "Give a new folder; nothing is ever overwritten.",
  },

  "access.forbidden": {
    status: 403,
    exit: 2,
    retry: false,
    says: "You are not allowed to do this ({permission}).",
    hint: "Ask an admin of this Bursar for it: Settings, Accounts.",
  },
  "access.individuals": {
    status: 403,
    exit: 2,
    retry: false,
    says: "{field}: single people are not shown to you (the permission people is missing).",
    hint: "{remedy}",
  },

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

  "access.not_signed_in": {
    ...refused,
    status: 401,
    says: "You are not signed in, or your session has ended.",
    hint: "Sign in again.",
  },
  "access.sign_in_failed": {
    ...refused,
    status: 401,
    says: "This e-mail and password do not sign in here.",
    hint: "Check both; an admin can give you a new sign-in link (Settings, Accounts).",
  },
  "access.too_many_attempts": {
    ...refused,
    status: 429,
    says: "Too many attempts.",
    hint: "Wait {seconds} seconds, then try again.",
  },
  "access.token_invalid": {
    ...refused,
    status: 401,
    says: "This API token is unknown, revoked or expired.",
    hint: "Make a new one: Settings, Tokens, or bursar token create.",
  },
  "access.grant_invalid": {
    ...refused,
    status: 401,
    says: "This access token is not for this server, has expired, or was revoked.",
    hint: "Connect again: the client asks for a new one.",
  },
  "access.request_ended": {
    ...refused,
    status: 410,
    says: "This request of an assistant was answered already, has expired, or was begun in another browser.",
    hint: "Connect again from the assistant.",
  },
  "access.issuer_unreachable": {
    ...refused,
    status: 503,
    says: "The authorization server {host} cannot be asked for its keys.",
    hint: "Check BURSAR_OAUTH_ISSUER and the network. API tokens work meanwhile.",
  },
  "access.token_in_address": {
    ...refused,
    status: 400,
    says: "A token stands in the address of the request, where logs and proxies keep it.",
    hint: "Revoke that token, and send one in the Authorization header.",
  },
  "access.not_by_token": {
    ...refused,
    status: 403,
    says: "A token may not do this.",
    hint: "Sign in on the dashboard, or use the command line.",
  },
  "access.above_own": {
    ...refused,
    status: 403,
    says: "You may not give or take what you may not do yourself ({permissions}).",
    hint: "Ask somebody who may, or use bursar account on the machine that runs Bursar.",
  },
  "access.last_admin": {
    ...refused,
    status: 409,
    says: "This is the last admin.",
    hint: "Make somebody else an admin first.",
  },
  "access.link_used": {
    ...refused,
    status: 410,
    says: "This link was used already, has expired, or was withdrawn.",
    hint: "Ask for a new one: an admin makes it (Settings, Accounts), or bursar account link on the machine that runs Bursar.",
  },
  "access.setup_needed": {
    ...refused,
    status: 403,
    says: "Nobody has set up this Bursar yet.",
    hint: "Open the setup link that bursar serve printed; it is also in the file setup-link in the data folder.",
  },
  "access.unknown": {
    ...refused,
    status: 404,
    says: "{what}: there is none of this id or name here.",
    hint: "List them to see which there are.",
  },

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

  "changes.off": {
    ...refused,
    status: 403,
    says: "Changing anything at Anthropic is switched off here.",
    hint: "Start Bursar with BURSAR_ALLOW_WRITES=1; see docs/guides/changes.md.",
  },
  "changes.above_own_role": {
    ...refused,
    status: 403,
    says: "role: {role} is more than your own role at Anthropic allows you to give ({own}).",
    hint: "Choose a lower role, or ask somebody whose own role there is as high.",
  },
  "changes.last_admin": {
    ...refused,
    status: 409,
    says: "This is the last admin of the organization, and stays.",
    hint: "Make somebody else an admin in the Console first.",
  },
  "changes.protected": {
    ...refused,
    status: 403,
    says: "{what} is protected: nothing here may change it.",
    hint: "Whoever may change settings can take it off the list of what is protected (Settings).",
  },
  "changes.not_possible": {
    ...refused,
    status: 409,
    says: "{problem}.",
    hint: "{remedy}",
  },
  "changes.not_there": {
    ...refused,
    status: 404,
    says: "{field}: Anthropic has no {what} of this id.",
    hint: "Look at the list again: it may have been removed meanwhile.",
  },
  "changes.confirmation": {
    ...refused,
    status: 403,
    says: "confirmation: {problem}.",
    hint: "Plan the change again, and use the confirmation that this answers with.",
  },
  "changes.not_approved": {
    ...refused,
    status: 409,
    says: "No person has approved this change yet.",
    hint: "A person opens /changes/{id} on the dashboard and approves it (or runs bursar change approve {id}); then send the same again before {until}.",
  },
  "changes.person_needed": {
    ...refused,
    status: 403,
    says: "Only a person can approve a change, and this did not come from one.",
    hint: "A person opens /changes/{id} on the dashboard and approves it, or runs bursar change approve {id} at a terminal.",
  },
  "changes.decided": {
    ...refused,
    status: 409,
    says: "This change is {state} already.",
    hint: "Plan it again if it is still wanted.",
  },

  "store.locked": {
    ...local,
    status: 503,
    says: "The database is locked by another program.",
    hint: "Wait for it to finish (a backup, perhaps), then try again.",
  },
  "store.disk_full": {
    ...local,
    says: "The disk is full.",
    hint: "Free some space; the transaction was undone and nothing was lost.",
  },
  "store.read_only": {
    ...local,
    says: "The data folder is read-only.",
    hint: "Give the user that runs Bursar write permission on {path}.",
  },
  "store.damaged": {
    ...local,
    says: "The database is damaged ({problem}).",
    hint: "Stop Bursar, keep the folder, restore a backup and run bursar doctor.",
  },
  "store.io": {
    ...local,
    says: "The database cannot be used ({problem}).",
    hint: "Check the disk and the permissions of {path}.",
  },
  "store.newer": {
    ...local,
    says: "The database was written by a newer Bursar.",
    hint: "Use that version, or restore a backup from before.",
  },
  "store.unknown_tenant": {
    ...usage,
    status: 404,
    says: "tenant: {tenant} does not exist.",
    hint: "Run bursar tenant add {tenant}, or leave --tenant out.",
  },
  "store.name_taken": { ...usage, status: 409, says: "{field}: {name} exists already.", hint: "Choose another name." },
  "store.unknown_connection": {
    ...usage,
    status: 404,
    says: "connection: {name} does not exist.",
    hint: "Run bursar status to see the connections, or bursar connect --name {name}.",
  },
  "store.no_connection": {
    ...usage,
    says: "No connection yet.",
    hint: "Run bursar connect --name NAME and paste an Admin key.",
  },

  "sync.lease_held": {
    ...local,
    status: 409,
    says: "Another process syncs this tenant ({holder}).",
    hint: "Wait for it, or stop it; its lease ends at {until}.",
  },
  "sync.lease_lost": {
    ...local,
    says: "This process lost its lease on the tenant.",
    hint: "Another process took over; nothing was written twice.",
  },

  "vault.locked": {
    ...credential,
    status: 503,
    says: "The vault is locked: {problem}.",
    hint: "Give the key-encryption key of this data folder (BURSAR_KEK_FILE). The record stays readable; nothing was rewritten.",
  },
  "vault.altered": {
    ...credential,
    status: 503,
    says: "A sealed value of this tenant cannot be opened ({what}).",
    hint: "It was altered or moved. Connect the key again.",
  },
  "vault.kek_file": {
    ...local,
    says: "The key-encryption key in {path} cannot be used ({problem}).",
    hint: "It is 32 bytes (raw, or 64 hex digits), and the file's mode at most 0640.",
  },

  "ledger.verification": {
    status: 500,
    exit: 1,
    retry: false,
    says: "The ledger does not verify: {what}.",
    hint: "Keep this folder and a known earlier checkpoint; see docs/guides/verify-the-ledger.md.",
  },
  "ledger.unsigned": {
    ...usage,
    says: "The ledger: nothing is signed yet.",
    hint: "Run bursar sync, which reads and signs; there is nothing to check before.",
  },
  "ledger.rolled_back": {
    ...local,
    status: 503,
    says: "The database is older than the last signed checkpoint ({signed} leaves signed, {present} present).",
    hint: "A backup was restored, it seems. Nothing is appended or signed until you decide: bursar ledger trouble tells what can be done and what follows.",
  },
  "ledger.differs": {
    ...local,
    status: 503,
    says: "The database is not the log that was signed last ({signed} leaves signed, {present} present).",
    hint: "Keep the folder. Nothing is appended or signed until you decide: bursar ledger trouble tells what can be done and what follows.",
  },
  "ledger.differs_from_export": {
    ...usage,
    exit: 5,
    says: "The database and the export differ from leaf {leaf} on.",
    hint: "Nothing was changed. The export is of another history: put the newest copy of the database back, or begin a new log with bursar ledger new-log.",
  },
  "ledger.export_too_short": {
    ...usage,
    says: "from: the export ends at {size} leaves, and {needed} are needed.",
    hint: "Nothing was changed. Give an export that was made later; an auditor may have one.",
  },
  "ledger.nothing_missing": {
    ...usage,
    says: "The database has all {present} leaves of the export, and more is not signed anywhere that is known here.",
    hint: "Nothing was changed: bursar ledger trouble tells whether anything is to be decided.",
  },
  "ledger.sound": {
    ...usage,
    says: "The ledger waits for no decision, and verifies.",
    hint: "A log goes on for ever: it ends only when nothing else is left.",
  },
  "ledger.checkpoint_lost": {
    ...local,
    status: 503,
    says: "The file that keeps the last signed checkpoint is gone, or is none of this log.",
    hint: "If this database is the newest there is, run bursar doctor --restore-checkpoint; bursar ledger trouble tells what else can be done.",
  },
  "ledger.checkpoint_there": {
    ...usage,
    says: "The last signed checkpoint is kept where it should be ({signed} leaves).",
    hint: "It is never written over: bursar ledger trouble tells whether anything is to be decided.",
  },
  "ledger.key_lost": {
    ...local,
    status: 503,
    says: "The ledger's signing key cannot be used ({what}).",
    hint: "Nothing can be signed. Restore a backup that holds it, or begin a new log with bursar ledger new-log --new-key; the old one stays verifiable.",
  },
  "ledger.forked": {
    ...local,
    says: "The witness {witness} holds another history of this log ({problem}).",
    hint: "Nothing more is signed; recording goes on. Keep the data folder and read docs/guides/anchors.md, When a witness objects.",
  },

  "anchor.address": {
    ...usage,
    says: "{field}: {problem}.",
    hint: "Use an https address of the public internet, or have the operator name the host in BURSAR_PRIVATE_HOSTS.",
  },
  "anchor.unreachable": {
    ...again,
    says: "{host} gave no answer that could be read ({problem}).",
    hint: "It is asked again later; recording and signing go on.",
  },
  "anchor.unusable": {
    ...again,
    says: "{host} answered what cannot be kept ({problem}).",
    hint: "Nothing of it was kept. It is asked again later; recording and signing go on.",
  },
  "anchor.misconfigured": {
    ...partial,
    says: "{host} does not serve this log ({problem}).",
    hint: "{remedy}",
  },

  "app.cancelled": {
    ...partial,
    exit: 3,
    says: "Stopped on request.",
    hint: "Run the same command again; it goes on where this one ended.",
  },
  "app.output": {
    ...local,
    says: "The answer cannot be written to stdout ({problem}).",
    hint: "What was written is not whole: make room, then run the same command again.",
  },
  "app.prompt_left": {
    ...partial,
    says: "Stopped at the prompt.",
    hint: "Nothing was stored.",
  },
  "app.config": { ...usage, says: "{field}: {problem}.", hint: "See docs/configuration.md." },
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof FAILURES;
export type FailureFacts = Readonly<Record<string, string | number | boolean | null>>;

export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: FailureCode;
  readonly facts: FailureFacts;
  readonly hint: string;
  readonly status: number;
  readonly exit: number;
  readonly retry: boolean;

  constructor(code: FailureCode, facts: FailureFacts = {}, options?: ErrorOptions) {
    const kind: FailureKind = FAILURES[code];
    super(fill(kind.says, facts), options);
    this.code = code;
    this.facts = facts;
    this.hint = fill(kind.hint, facts);
    this.status = kind.status;
    this.exit = kind.exit;
    this.retry = kind.retry;
  }
}

/** Whether something thrown is the failure with this code. */
export function isFailure(thrown: unknown, ...codes: FailureCode[]): thrown is Failure {
  return thrown instanceof Failure && (codes.length === 0 || codes.includes(thrown.code));
}

/** Kind and place of a bug, for the log: its message may hold what was sent. */
export function placeOfBug(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown;
  const [, place = "unknown place"] = /at .*?([\w.-]+:\d+):\d+\)?$/m.exec(thrown.stack ?? "") ?? [];
  return `${thrown.name} at ${place}`;
}

/** Text from outside is data: quoted where it stands in a sentence, without control characters, and short. */
function fill(template: string, facts: FailureFacts): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const text = String(facts[name] ?? "unknown").replace(
      /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
      "\uFFFD",
    );
    return text.length > 300 ? `${text.slice(0, 300)}…` : text;
  });
}
