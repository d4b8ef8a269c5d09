import { Notice, Pill } from "../ui/index.ts";
import { differences, fieldWords, STEP_STATES, targetWords, valueWords, type Step } from "./words.ts";

/** One request: what is there now and what will be, what follows, what is sent, and what became of it. */
export function StepView({ step, number }: { step: Step; number: number | null }) {
  const { title, consequences, isReversible, request, outcome, state } = step;
  const hasBegun = state !== "planned";
  return (
    <section className="change-step">
      <header>
        <h3>
          {number !== null && <span className="quiet">{number}. </span>}
          {title}
          {targetWords(step) !== "" && (
            <>
              : <bdi>{targetWords(step)}</bdi>
            </>
          )}
        </h3>
        {hasBegun && <Pill tone={STEP_STATES[state].tone}>{STEP_STATES[state].label}</Pill>}
      </header>
      {outcome !== null && <Outcome state={state} outcome={outcome} />}
      <States step={step} />
      <ul className="change-consequences">
        {consequences.map((says) => (
          <li key={says} dir="auto">
            {says}
          </li>
        ))}
        {!isReversible && !consequences.some((says) => says.startsWith("This cannot be undone")) && (
          <li>This cannot be taken back through the API.</li>
        )}
      </ul>
      <div className="change-request">
        <p className="small quiet">{hasBegun ? "The request" : "The exact request"}</p>
        <pre tabIndex={0} aria-label={`Request of ${title}`}>
          {request.method} {request.path}
          {request.body !== null && `\n${JSON.stringify(request.body, null, 2)}`}
        </pre>
      </div>
    </section>
  );
}

function Outcome({ state, outcome }: { state: Step["state"]; outcome: NonNullable<Step["outcome"]> }) {
  const { says, status, code, requestId, how } = outcome;
  const facts = [
    status === null ? null : `status ${status}`,
    code,
    requestId === null ? null : `request ${requestId}`,
    how === "looked_up" ? "found by looking" : null,
  ].filter((fact) => fact !== null);
  return (
    <Notice kind={state === "done" && outcome.asPlanned !== false ? "good" : "partial"}>
      <span dir="auto">{says}</span>
      {facts.length > 0 && <p className="small quiet">{facts.join(" · ")}</p>}
    </Notice>
  );
}

/** The object now and then, side by side; once it was done also as it was found afterwards. */
function States({ step }: { step: Step }) {
  const { before, after, outcome, title } = step;
  const found = outcome === null ? undefined : outcome.after;
  const names = [...new Set([before, after, found].flatMap((state) => Object.keys(state ?? {})))];
  const changed = new Set(differences(step));
  const isOver = found !== undefined;
  const columns = [
    { name: isOver ? "Before" : "Now", state: before, none: "Does not exist" },
    { name: isOver ? "Planned" : "Then", state: after, none: "Is gone" },
    ...(isOver ? [{ name: "Found", state: found, none: "Nothing is there" }] : []),
  ];
  return (
    <table className="change-states" aria-label={`${title}: before and after`}>
      <thead>
        <tr>
          <td />
          {columns.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((name, at) => (
          <tr key={name} data-changed={changed.has(name) || undefined}>
            <th scope="row">
              {fieldWords(name)}
              {changed.has(name) && <span className="visually-hidden"> (changes)</span>}
            </th>
            {columns.map((column) =>
              column.state === null ? (
                // Said once, over all lines.
                at === 0 && (
                  <td key={column.name} rowSpan={names.length} className="quiet">
                    {column.none}
                  </td>
                )
              ) : (
                <td key={column.name}>
                  <bdi>{valueWords(name, column.state?.[name])}</bdi>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
