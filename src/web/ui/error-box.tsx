import { Button } from "@mantine/core";
import { CircleAlert, Info } from "lucide-react";

import { asProblem } from "../client/index.ts";

interface Said {
  /** What happened. */
  readonly what: string;
  /** What it means for the data. */
  readonly means?: string;
  /** What to do. */
  readonly todo?: string;
  readonly detail?: string;
}

type ErrorBoxProps = { onRetry?: (() => void) | undefined } & (Said | { thrown: unknown; means?: string });

/** What happened, what it means for the data, what to do: in that order. */
export function ErrorBox(props: ErrorBoxProps) {
  const said = "thrown" in props ? sayingOf(props.thrown, props.means) : props;
  const isRefused = "thrown" in props && isRefusal(props.thrown);
  return (
    <div className="error-box" role="alert" data-refused={isRefused || undefined}>
      {isRefused ? <Info size={18} aria-hidden /> : <CircleAlert size={18} aria-hidden />}
      <div>
        <p className="error-what">{said.what}</p>
        {said.means !== undefined && <p>{said.means}</p>}
        {said.todo !== undefined && <p>{said.todo}</p>}
        {said.detail !== undefined && <p className="small quiet">{said.detail}</p>}
        {props.onRetry !== undefined && !isRefused && (
          <Button size="xs" variant="default" onClick={props.onRetry} mt={8}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}

/** A question that has no answer as it was asked: nothing is broken, and asking again would not help. */
function isRefusal(thrown: unknown): boolean {
  return asProblem(thrown).status === 422;
}

function sayingOf(thrown: unknown, means = "No figure is shown rather than a wrong one."): Said {
  const problem = asProblem(thrown);
  return {
    what: problem.detail === "" ? problem.title : withoutApiName(problem.detail, problem.field),
    means: problem.code === "web.unreachable" ? "The page keeps what it has loaded." : means,
    ...(problem.hint === null ? {} : { todo: problem.hint }),
    ...(problem.requestId === null || problem.status === 422 ? {} : { detail: `Request ${problem.requestId}` }),
  };
}

/** The API's name of a field, such as `settings.budgetMonthlyUsd`, says nothing to whoever filled in a form. */
function withoutApiName(detail: string, field: string | null): string {
  if (field === null || !/[.A-Z]|^current$/.test(field) || !detail.startsWith(`${field}: `)) return detail;
  const said = detail.slice(field.length + 2);
  return /^(?:is|has|holds) /.test(said) ? `This ${said}` : said.charAt(0).toUpperCase() + said.slice(1);
}
