import { Link } from "wouter";

import type { Output } from "../client/index.ts";
import { Notice } from "../ui/index.ts";

type Health = Output<"overview">["health"];

/** How far the figures can be trusted: a line while all is well, a banner when something is wrong. */
export function HealthLine({ health }: { health: Health }) {
  return (
    <Notice kind={health.state === "good" ? "good" : "partial"}>
      {health.line} <Link href="/connections">{health.state === "good" ? "Connections" : "See the connections"}</Link>
    </Notice>
  );
}
