import type { Output } from "../client/index.ts";
import { Card, Column, Columns } from "../ui/index.ts";
import { CopyText } from "./copy-text.tsx";
import "./ledger.css";

type Summary = Output<"ledgerSummary">;

/** In the unpacked package. By its name npx would run whatever a registry has under it. */
const VERIFY = "node package/bin/bursar.js verify";

/** What the ledger proves and what not, and how to check it without us, for somebody who has never seen one. */
export function AuditorsPage({ summary }: { summary: Summary | undefined }) {
  const checkpoint = summary?.ledger?.checkpoint;
  const vkey = checkpoint?.vkeys.at(-1) ?? "NAME+KEYID+KEY";
  const folder = checkpoint == null ? "ledger" : `ledger-${checkpoint.size}`;
  return (
    <Columns>
      <Column span={6}>
        <Card title="What it is" sentence="In a minute, without mathematics.">
          <div className="ledger-prose">
            <p>
              Whenever Bursar reads something from Anthropic, it writes one line for each row it was given, one for the
              answer as a whole, and one for everything that somebody does in Bursar. These lines are called leaves.
              They are only ever added.
            </p>
            <p>
              All leaves together are condensed to one short number, the root. If any leaf is changed, removed, added in
              between or moved, the root comes out different. After each sync Bursar signs the root and the number of
              leaves: that is a checkpoint.
            </p>
            <p>
              When Anthropic restates a figure, the earlier one is not overwritten. A new version is added, and both
              stay provable: what was known on a day, and what is known now.
            </p>
            <p>
              The content of a leaf stands beside the tree, with a random salt. It can be erased when the law asks for
              it; the leaf, the root and every signature stay valid.
            </p>
          </div>
        </Card>
      </Column>
      <Column span={6}>
        <Card title="What it proves, and what it does not" sentence="Hold it to exactly this.">
          <div className="ledger-prose">
            <h3>It proves</h3>
            <ul>
              <li>that a record was in the ledger when the checkpoint was signed, with exactly this content;</li>
              <li>that nothing before the checkpoint was changed, removed, inserted or moved since;</li>
              <li>that every figure on these pages stands on such records, when a verification says so;</li>
              <li>which version of a figure was known at which time, by Bursar's clock;</li>
              <li>who did what in Bursar, as far as Bursar was the one that did it.</li>
            </ul>
            <h3>It does not prove</h3>
            <ul>
              <li>that Anthropic's figures are right: it proves what was answered, not that the answer was true;</li>
              <li>that nothing was withheld from the start: compare the coverage with the range;</li>
              <li>
                that there is no second history, if somebody holds the signing key: only a checkpoint that you kept, or
                a witness, shows that;
              </li>
              <li>that it was recorded at the time it states, without a stamp from elsewhere;</li>
              <li>whether people used Claude well. It counts; it does not judge.</li>
            </ul>
          </div>
        </Card>
      </Column>
      <Column span={12}>
        <Card
          title="Check it yourself"
          sentence="Three ways, each needing less trust in Bursar than the one before. None of them needs this server."
        >
          <ol className="ledger-ways">
            <li>
              <h3>With Bursar's verifier, on your own machine</h3>
              <p>
                Download the ledger from “Take it away”, and take the public key from somewhere else than the archive: a
                contract, an earlier audit, a printed page.
              </p>
              <p>
                The verifier is in Bursar's package, bursar-VERSION.tgz, which “npm pack” makes of the sources: make it
                of sources that you trust, rather than take it from whom you audit. It needs Node 24 and nothing else,
                reads every byte, and asks nobody.
              </p>
              <CopyText
                label="Commands"
                text={`tar -xzf bursar-*.tgz\ntar -xf *-${folder}.tar\n${VERIFY} ${folder} --vkey '${vkey}'`}
              />
            </li>
            <li>
              <h3>Against a checkpoint that you kept</h3>
              <p>
                The ledger of today has to continue the very history you have a checkpoint of. This is what finds a
                rewritten past, even by the holder of the key.
              </p>
              <CopyText
                label="Command"
                text={`${VERIFY} ${folder} --vkey '${vkey}' --checkpoint checkpoint-you-kept.txt`}
              />
            </li>
            <li>
              <h3>By hand, with openssl and sha256sum</h3>
              <p>
                The formats are open (RFC 6962, RFC 9162, the C2SP specifications for checkpoints, tiles and proofs),
                and Bursar's documentation has a page with every command: “Verify the ledger by hand”. The first of them
                checks who signed:
              </p>
              <CopyText
                label="The first commands"
                text={[
                  `VKEY='${vkey}'`,
                  `sed '/^$/,$d' checkpoint > body`,
                  `NAME=\${VKEY%%+*}; REST=\${VKEY#*+}; KEY=\${REST#*+}`,
                  `(printf 302a300506032b6570032100 | xxd -r -p; printf %s "$KEY" | base64 -d | tail -c 32) > key.der`,
                  `sed -n "s|^— $NAME ||p" checkpoint | head -1 | base64 -d | tail -c 64 > signature`,
                  `openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in body -sigfile signature`,
                ].join("\n")}
              />
            </li>
          </ol>
        </Card>
      </Column>
    </Columns>
  );
}
