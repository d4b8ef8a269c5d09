export { ASSISTANT_SCOPES, callerOfAssistant, signedByGrant, type Assistant, type ShownGrant } from "./assistant.ts";
export { beginSession, type BegunSession } from "./begin-session.ts";
export { permissionsOf, principalOf, subjectOf, TOKEN_SCOPES } from "./caller.ts";
export { demandsFactor, FACTOR_RULES } from "./factor-rule.ts";
export { leavesAnAdmin, mayGrant } from "./grants.ts";
export { accountOfIdentity, claimValues, type Identity, type RoleRule } from "./identity.ts";
export { KnownPlaces, placeOf } from "./known-places.ts";
export { issueLink, linkAddress, type IssuedLink } from "./links.ts";
export { hashPassword, isPassword, requireGoodPassword } from "./password.ts";
export {
  operatorCaller,
  PERMISSIONS,
  ROLE_PERMISSIONS,
  type Caller,
  type Permission,
  type Role,
} from "./permission.ts";
export { RateLimit } from "./rate-limit.ts";
export {
  confirmFactor,
  enrolFactor,
  forgetFactor,
  requireRightCode,
  showFactor,
  type FactorParts,
  type FactorSafe,
} from "./second-factor.ts";
export { hashOfOpaque, isSameHash, newApiToken, newId } from "./secrets.ts";
export { agentOf, isDueToTouch, isLive } from "./session.ts";
export { signedBySession, signedByToken, type Entrance, type Signed } from "./signed.ts";
export { base32, otpauthUri } from "./totp.ts";
