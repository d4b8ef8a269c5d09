import { nodePair, type NodePair } from "./node-pair.ts";
import { COOKIES } from "./open-provider.ts";
import type { Provider } from "./provider-types.ts";

/** Path at which the authorization server is mounted; its issuer ends with it. */
export const MOUNT_PATH = "/oauth";

const NO_BODY = Buffer.alloc(0);

export interface Question {
  /** Path below the mount, with its query. */
  readonly target: string;
  readonly origin: string;
  readonly body?: Buffer;
}

/**
 * Lets the provider answer a request. Its own session is kept from both sides: each authorization begins with nobody
 * signed in, so that only our own session, on the consent page, ever says who somebody is.
 */
export async function askProvider(provider: Provider, request: Request, question: Question): Promise<Response> {
  const { request: asked, response } = pairFor(request, question);
  await provider.callback()(asked, response);
  await response.done;
  const answer = response.kept();
  const cookies = answer.headers.getSetCookie().filter((one) => !isOfSession(one));
  answer.headers.delete("set-cookie");
  for (const one of cookies) answer.headers.append("set-cookie", one);
  return answer;
}

/** A request in the form that the provider's own functions take. */
export function pairFor(request: Request, { target, origin, body = NO_BODY }: Question): NodePair {
  const cookies = (request.headers.get("cookie") ?? "").split(";").map((one) => one.trim());
  return nodePair(request, {
    target,
    mountPath: MOUNT_PATH,
    origin: new URL(origin),
    body,
    cookie: cookies.filter((one) => one !== "" && !isOfSession(one)).join("; "),
  });
}

function isOfSession(cookie: string): boolean {
  const name = cookie.split("=", 1)[0] ?? "";
  return name.replace(/^__Secure-/, "").replace(/\.sig$/, "") === COOKIES.session;
}
