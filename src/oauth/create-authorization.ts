import { Failure } from "../domain/index.ts";
import { challengeOf, RESOURCE_PATH } from "./challenge.ts";
import type { Authorization, AuthorizationParts } from "./parts.ts";

/** Lets assistants in at `/mcp`. Nothing of the authorization server is loaded before somebody asks for it. */
export function createAuthorization(parts: AuthorizationParts): Authorization {
  const { origin, signedIn } = parts;
  return {
    mounts: [],
    resource: () => `${origin()}${RESOURCE_PATH}`,
    async authenticate(request, address) {
      if (new URL(request.url).searchParams.has("access_token")) throw new Failure("access.token_in_address");
      return request.headers.has("authorization") ? signedIn(request, address) : null;
    },
    challenge: (refusal) => challengeOf(origin(), refusal),
  };
}
