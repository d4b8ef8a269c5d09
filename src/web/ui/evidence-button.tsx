import { Button } from "@mantine/core";
import { FileCheck } from "lucide-react";

import { addressOf, chosenTenant, useMe, type Input } from "../client/index.ts";

/** Downloads the records behind what a page shows, with their proofs. For who may audit; nothing for anybody else. */
export function EvidenceButton({ about, title = "Evidence" }: { about: Input<"evidenceBundle">; title?: string }) {
  const { me, may } = useMe();
  const isNarrowed = about.about === "person" || about.where !== undefined;
  if (!may("audit") || (isNarrowed && me?.privacyMode !== "named")) return null;
  return (
    <Button
      component="a"
      href={addressOf("evidenceBundle", about, { tenant: chosenTenant() })}
      download
      size="xs"
      variant="default"
      leftSection={<FileCheck size={14} aria-hidden />}
      title="The records behind this page with their proofs, for anybody to check without Bursar"
    >
      {title}
    </Button>
  );
}
