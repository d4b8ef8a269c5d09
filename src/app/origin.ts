import type { Settings } from "./config.ts";

/** Where people reach the server that these settings start. */
export function originOf({ publicUrl, listen: { host, port } }: Settings): string {
  if (publicUrl !== null) return publicUrl.origin;
  // A server that listens everywhere is reached by this machine at its own address.
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
