import type { X509Certificate } from "node:crypto";

import { Failure, type Random } from "../domain/index.ts";
import { LedgerError, NONCE_BYTES, openTimeStamp, timeStampRequest } from "../ledger/index.ts";
import type { Outbound } from "./outbound.ts";
import type { AnchorPost } from "./way.ts";

export interface AuthoritySetting {
  readonly url: URL;
  /** Certificates that its own must lead to; absent: whoever signs is believed, and that is said. */
  readonly trusted: readonly X509Certificate[] | null;
}

/**
 * An authority that states when it saw a digest (RFC 3161). Its proof is its whole answer, verbatim.
 */
export function timeStampAuthority(outbound: Outbound, random: Random, setting: AuthoritySetting): AnchorPost {
  const { url, trusted } = setting;
  const { host } = url;
  return {
    kind: "rfc3161",
    target: host,
    async hand({ digest }) {
      const { request, nonce } = timeStampRequest(digest, random.bytes(NONCE_BYTES));
      const { status, body } = await outbound.send({
        method: "POST",
        url,
        headers: { "content-type": "application/timestamp-query", accept: "application/timestamp-reply" },
        body: request,
        largest: LARGEST,
      });
      if (status !== 200) throw new Failure("anchor.unreachable", { host, problem: `status ${status}` });
      try {
        const { atMs, by, isTrusted } = openTimeStamp(body, {
          digest,
          nonce,
          ...(trusted === null ? {} : { trusted }),
        });
        if (isTrusted === false) throw new LedgerError("a certificate that does not lead to the configured ones");
        const at = new Date(atMs).toISOString();
        return { state: "stamped", proof: body, facts: { by: host, certificate: by, at, trusted: isTrusted === true } };
      } catch (cause) {
        if (!(cause instanceof LedgerError)) throw cause;
        throw new Failure("anchor.unusable", { host, problem: cause.message }, { cause });
      }
    },
  };
}

/** A token with several certificates has some 10 kB. */
const LARGEST = 256 * 1024;
