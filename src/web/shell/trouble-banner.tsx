import { Link } from "wouter";

import { useAnswer, useMe } from "../client/index.ts";
import { Notice } from "../ui/notice.tsx";

/** Above every page, for whoever may read anything: nothing is recorded until an operator decides. */
export function TroubleBanner() {
  const { may } = useMe();
  return may("read") ? <Banner /> : null;
}

function Banner() {
  const { data } = useAnswer("status", {});
  const trouble = data?.ledgerTrouble ?? null;
  if (trouble === null) return null;
  return (
    <div className="shell-banner">
      <Notice kind="partial">
        {trouble.says}{" "}
        {trouble.kind === "witness_objects"
          ? "Recording goes on; nothing is signed until an operator decides."
          : "Nothing is recorded until an operator decides; what is here can be read."}{" "}
        <Link href="/ledger">What can be done</Link>
      </Notice>
    </div>
  );
}
