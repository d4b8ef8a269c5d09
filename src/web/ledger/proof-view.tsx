import { Button } from "@mantine/core";
import { Download } from "lucide-react";
import { useEffect, useRef } from "react";

import { useAnswer, type Output } from "../client/index.ts";
import { exact, formatInstant } from "../format/index.ts";
import { Card, ErrorBox, Skeleton } from "../ui/index.ts";
import { saveText } from "./save-text.ts";
import { kindTitle } from "./words.ts";

/** What a leaf holds and how it is tied to the signature, to be read and to be taken away. */
export function ProofView({ index, onClose }: { index: number; onClose: () => void }) {
  const answer = useAnswer("proveRecord", { index }, { once: true });
  const { data } = answer;
  const place = useRef<HTMLDivElement>(null);
  // It opens above the list in which it was chosen.
  useEffect(() => place.current?.scrollIntoView({ block: "nearest" }), [index]);
  return (
    <div ref={place}>
      <Card
        title={`Leaf ${exact(index, "count")}`}
        sentence="Every hash below follows from the one before it; the last one is signed."
        tools={
          <>
            <Button
              size="xs"
              leftSection={<Download size={14} aria-hidden />}
              disabled={data === undefined}
              onClick={() => data && saveText(`leaf-${index}.tlog-proof`, data.proof)}
            >
              Download the proof
            </Button>
            <Button size="xs" variant="default" onClick={onClose}>
              Close
            </Button>
          </>
        }
      >
        {answer.isError ? (
          <ErrorBox
            thrown={answer.error}
            means="A leaf is proved once it is signed. Nothing is wrong with the others."
          />
        ) : data === undefined ? (
          <Skeleton height={320} />
        ) : (
          <Proof proof={data} />
        )}
      </Card>
    </div>
  );
}

function Proof({ proof: { leaf, payload, path, checkpoint } }: { proof: Output<"proveRecord"> }) {
  return (
    <div className="ledger-proof">
      <ol className="ledger-chain">
        <li>
          <h3>The content</h3>
          {payload === null ? (
            <p className="quiet">
              Not shown: it names people that you may not see, or it was erased. The leaf holds a commitment to it
              either way.
            </p>
          ) : (
            <pre tabIndex={0} aria-label="Content">
              {pretty(payload)}
            </pre>
          )}
        </li>
        <li>
          <h3>Its leaf</h3>
          <dl className="ledger-facts">
            <dt>Kind</dt>
            <dd>
              {kindTitle(leaf.kind)}, stream <code>{leaf.stream}</code>, version {leaf.version}
            </dd>
            <dt>Recorded</dt>
            <dd>{formatInstant(leaf.at)}</dd>
            <dt>Hash</dt>
            <dd>
              <code>{leaf.hash}</code>
            </dd>
          </dl>
        </li>
        <li>
          <h3>Its way to the root</h3>
          <p className="quiet">
            {path.length === 0
              ? "It is the only leaf: its hash is the root."
              : `${path.length} ${path.length === 1 ? "hash" : "hashes"}, each taken together with what was reached so far.`}
          </p>
          {path.length > 0 && (
            <details>
              <summary>Show them</summary>
              <ol className="ledger-path">
                {path.map((hash) => (
                  <li key={hash}>
                    <code>{hash}</code>
                  </li>
                ))}
              </ol>
            </details>
          )}
        </li>
        <li>
          <h3>The signed root</h3>
          <dl className="ledger-facts">
            <dt>Log</dt>
            <dd>
              <code>{checkpoint.origin}</code>, {exact(checkpoint.size, "count")} leaves
            </dd>
            <dt>Root</dt>
            <dd>
              <code>{checkpoint.root}</code>
            </dd>
          </dl>
        </li>
      </ol>
    </div>
  );
}

/** The content with line breaks for reading; the proof holds it byte for byte. */
function pretty(payload: string): string {
  return JSON.stringify(JSON.parse(payload), null, 2);
}
