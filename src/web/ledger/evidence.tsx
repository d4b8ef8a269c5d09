import { Button } from "@mantine/core";
import { Download } from "lucide-react";

import { addressOf, chosenTenant, now, useMe, type Output } from "../client/index.ts";
import { addDays, dayOf, exact } from "../format/index.ts";
import { Card, Column, Columns, Empty, EvidenceButton, Skeleton } from "../ui/index.ts";
import { CopyText } from "./copy-text.tsx";
import { saveText } from "./save-text.ts";
import "./ledger.css";

type Summary = Output<"ledgerSummary">;

/** The whole ledger as a file, and what to keep beside it. */
export function Evidence({ summary }: { summary: Summary | undefined }) {
  const { me } = useMe();
  const checkpoint = summary?.ledger?.checkpoint;
  if (summary === undefined || me === undefined) return <Skeleton height={320} />;
  if (checkpoint == null)
    return (
      <Card title="Download the ledger">
        <Empty why="Nothing is signed yet. The next sync signs what it adds; then it can be taken away." />
      </Card>
    );
  const isNamed = me.privacyMode === "named";
  const address = (payloads: boolean) => addressOf("ledgerExport", { payloads }, { tenant: chosenTenant() });
  const size = `${exact(checkpoint.size, "count")} leaves`;
  return (
    <Columns>
      <Column span={6}>
        <Card
          title="Download the ledger"
          sentence={`${size} as one archive. Anyone can verify it without Bursar, and without trust in it.`}
        >
          <div className="ledger-stack">
            {isNamed && (
              <div>
                <Button component="a" href={address(true)} download leftSection={<Download size={15} aria-hidden />}>
                  Download with content
                </Button>
                <p className="small quiet">
                  Everything that was recorded, with names of people and keys. Give it only to those who may see them.
                </p>
              </div>
            )}
            <div>
              <Button
                component="a"
                href={address(false)}
                download
                variant={isNamed ? "default" : "filled"}
                leftSection={<Download size={15} aria-hidden />}
              >
                Download proofs only
              </Button>
              <p className="small quiet">
                {isNamed
                  ? "The same tree without what was recorded: it names nobody, and shows that nothing was changed."
                  : "The tree without what was recorded: it names nobody, and shows that nothing was changed. The content is for those who may see single people."}
              </p>
            </div>
            <p className="small quiet">Each download is an event in the audit trail.</p>
          </div>
        </Card>
      </Column>
      <Column span={6}>
        <Card
          title="Take evidence"
          sentence="Some records with their proofs, and the figures that they add up to, with a page that says how to check them."
        >
          <div className="ledger-stack">
            <div>
              <EvidenceButton about={{ about: "period", from: addDays(dayOf(now()), -29) }} title="The last 30 days" />{" "}
              <EvidenceButton about={{ about: "access" }} title="Who has access" />
            </div>
            <p className="small quiet">
              For one report or one person, take it from Spend or from the person's page; for other days, with{" "}
              <code>bursar evidence</code>.
            </p>
          </div>
        </Card>
        <Card
          title="Keep these elsewhere"
          sentence="Whoever holds the signing key could write another history. A checkpoint in other hands shows it."
        >
          <div className="ledger-stack">
            <CopyText label="Checkpoint of today" text={checkpoint.note} />
            <CopyText label="Public key (vkey)" text={checkpoint.vkeys.join("\n")} />
            <div>
              <Button
                variant="default"
                leftSection={<Download size={15} aria-hidden />}
                onClick={() => saveText(`checkpoint-${checkpoint.size}.txt`, checkpoint.note)}
              >
                Download the checkpoint
              </Button>
            </div>
          </div>
        </Card>
      </Column>
    </Columns>
  );
}
