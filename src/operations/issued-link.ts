import { z } from "zod";

import type { IssuedLink } from "../access/index.ts";

/** A one-time link as the surface shows it, once: it opens `/sign-in#link=TOKEN`. */
export const issuedLinkShape = z.object({
  token: z.string(),
  purpose: z.enum(["setup", "invitation", "sign-in"]),
  expiresAt: z.string(),
});

export function linkSaid({ token, purpose, expiresMs }: IssuedLink): z.output<typeof issuedLinkShape> {
  return { token, purpose, expiresAt: new Date(expiresMs).toISOString() };
}
