import { refused, type FailureKind } from "./failure-kind.ts";

/** Somebody may not do this, or is not who they should be. */
export const ACCESS_FAILURES = {
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
  "access.code_refused": {
    ...refused,
    status: 422,
    says: "This code is not right, was used already, or is too old.",
    hint: "Wait for the next one, and check the clock of the device that shows it. A recovery code works once.",
  },
  "access.sign_in_step_ended": {
    ...refused,
    status: 410,
    says: "This sign-in took too long, or was begun in another browser.",
    hint: "Sign in again.",
  },
  "access.second_factor_needed": {
    ...refused,
    status: 403,
    says: "A second factor is demanded of this account, and it has none yet.",
    hint: "Open the dashboard: it asks you to set one up.",
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
} as const satisfies Record<string, FailureKind>;
