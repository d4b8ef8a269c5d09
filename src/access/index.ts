export { callerOfSession, callerOfToken, permissionsOf, principalOf, TOKEN_SCOPES } from "./caller.ts";
export { leavesAnAdmin, mayGrant } from "./grants.ts";
export {
  operatorCaller,
  PERMISSIONS,
  ROLE_PERMISSIONS,
  type Caller,
  type Permission,
  type Role,
} from "./permission.ts";
export { RateLimit, type RateRule } from "./rate-limit.ts";
export { hashOfOpaque, newApiToken, newId, newOpaque, type NewApiToken, type Opaque } from "./secrets.ts";
export { agentOf, IDLE_SESSION_MS, isDueToTouch, isLive, LONGEST_SESSION_MS } from "./session.ts";
export { signedBySession, signedByToken, type Entrance, type Signed } from "./signed.ts";
