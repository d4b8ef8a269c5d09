import { formatInstant } from "../format/index.ts";
import { CopyOnce } from "../ui/index.ts";

interface Link {
  readonly token: string;
  readonly expiresAt: string;
}

/** A one-time link to hand to somebody. Its token stands behind the `#`: no server and no log sees it on the way. */
export function LinkOnce({ link, label }: { link: Link; label: string }) {
  return (
    <>
      <CopyOnce label={label} secret={`${globalThis.location.origin}/sign-in#link=${link.token}`} />
      <p className="small quiet">
        It works once, until {formatInstant(link.expiresAt)}. Send it over a channel you trust.
      </p>
    </>
  );
}
