import type { Output } from "../client/index.ts";
import { Card } from "../ui/index.ts";
import "./ledger.css";

type Trouble = NonNullable<Output<"ledgerSummary">["trouble"]>;

/** What the operator can decide, and what follows from each choice. */
export function TroubleChoices({ trouble }: { trouble: Trouble }) {
  return (
    <Card
      title="A decision is needed"
      sentence={`${trouble.says} ${trouble.kind === "witness_objects" ? "Recording goes on; nothing is" : "Nothing is appended or"} signed until whoever runs Bursar decides, on the machine that it runs on.`}
    >
      <ol className="ledger-choices">
        {trouble.choices.map(({ title, command, consequence }) => (
          <li key={title}>
            <strong>{title}</strong>
            {command !== null && (
              <pre>
                <code>{command}</code>
              </pre>
            )}
            <p className="small">{consequence}</p>
          </li>
        ))}
      </ol>
    </Card>
  );
}
