import { LIMITS, type ServerSettings } from "../../src/api/index.ts";

/** A server on this machine that nobody is sent away from for asking often. */
export const testServerSettings: ServerSettings = {
  listenHost: "127.0.0.1",
  publicUrl: null,
  trustedProxies: [],
  metrics: "token",
  sso: null,
  limits: { ...LIMITS, requestsPerMinute: 1e9, anonymousPerMinute: 1e9 },
};
