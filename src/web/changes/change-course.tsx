import { Button } from "@mantine/core";
import { useState } from "react";

import { serverNow, useAnswer, useMe, useOrder, type Output } from "../client/index.ts";
import { formatInstant } from "../format/index.ts";
import { ErrorBox, Notice } from "../ui/index.ts";
import "./changes.css";
import { Countdown, useRemaining } from "./countdown.tsx";
import { heldFor, letGo } from "./held.ts";
import { StepView } from "./step-view.tsx";
import { STATES, type Change } from "./words.ts";

type Known = Output<"getChange">;

/** A change is looked at again so often while somebody may be deciding, and while it is under way. */
const WAITING_MS = 2_000;
const RUNNING_MS = 700;

/** A change as it is now, asked again as long as it can still become another. */
export function useChange(id: string) {
  const asked = useAnswer("getChange", { id }, { refetchEvery: (change) => pauseOf(change) });
  // What stays while another answer loads may be about another change.
  return { ...asked, change: asked.data?.id === id ? asked.data : undefined };
}

function pauseOf(change: Known | undefined): number | false {
  if (change === undefined || STATES[change.state].group !== "waiting") return false;
  return change.state === "executing" ? RUNNING_MS : WAITING_MS;
}

interface CourseProps {
  readonly change: Change;
  /** Further buttons of whoever shows it. */
  readonly onClose?: (() => void) | undefined;
  /** Plans the same again; left out where that is not possible. */
  readonly onAgain?: (() => Promise<unknown>) | undefined;
}

/** What a change does, what can be decided about it, and what became of it. */
export function ChangeCourse({ change, onClose, onAgain }: CourseProps) {
  const { steps, state, check, reread } = change;
  // From the click to the end of it: the steps in between need no word of their own.
  const [isCarrying, setCarrying] = useState(false);
  const isSeries = steps.length > 1;
  const done = steps.filter((step) => !["planned", "not_begun", "executing"].includes(step.state)).length;
  return (
    <div className="change-course">
      <div role="status" aria-live="polite" className="change-says">
        {state === "executing" && isSeries && (
          <div className="change-progress">
            <progress max={steps.length} value={done} aria-label="Steps done" />
            <span>
              {done} of {steps.length} steps
            </span>
          </div>
        )}
        <Says change={change} isCarrying={isCarrying} />
      </div>
      {change.isOwn && <Notice kind="partial">This is about your own membership.</Notice>}
      {check !== null && (
        <Notice kind={check.isClean ? "good" : "partial"}>
          {check.isClean ? (
            "Everything was looked at again afterwards: nothing is left."
          ) : (
            <>
              Everything was looked at again afterwards. What is left:
              <ul>
                {check.left.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            </>
          )}
        </Notice>
      )}
      {reread === "with_next_sync" && (
        <Notice kind="note">A sync was under way: the lists here follow it with the next one.</Notice>
      )}
      <div className="change-steps">
        {steps.map((step, at) => (
          // Steps keep their order.
          <StepView key={`${step.kind} ${step.target.id}`} step={step} number={isSeries ? at + 1 : null} />
        ))}
      </div>
      <Decide change={change} onCarrying={setCarrying} onClose={onClose} onAgain={onAgain} />
    </div>
  );
}

/** How far it is, and what to do next, in a sentence or two. */
function Says({ change, isCarrying }: { change: Change; isCarrying: boolean }) {
  const { state, plannedBy, steps, expiresAt } = change;
  const isHeld = heldFor(change.id) !== undefined;
  const [first] = steps;
  if (isCarrying && (state === "planned" || state === "approved"))
    return <Notice kind="note">It is looked at once more before it is sent.</Notice>;
  switch (state) {
    case "planned":
      return (
        <Notice kind="note">
          Nothing has been sent.{" "}
          {isHeld
            ? "Read what would happen, then approve it or call it off."
            : plannedBy.through === "dashboard"
              ? "Once it is approved, whoever planned it carries it out in the page where they did. If that page is closed, decline this and plan it again."
              : `Once you approve it, ${WHO[plannedBy.through]} that planned it carries it out. Nobody else can.`}
        </Notice>
      );
    case "approved":
      return (
        <Notice kind="note">
          Approved. Nothing has been sent yet:{" "}
          {isHeld
            ? "carry it out now, or call it off."
            : plannedBy.through === "dashboard"
              ? "whoever planned it carries it out in the page where they did."
              : `${WHO[plannedBy.through]} that planned it carries it out now. Go back to it; if it waits, tell it to go on.`}
        </Notice>
      );
    case "executing":
      return <Notice kind="note">It is being carried out. It goes on even if this page is closed.</Notice>;
    case "done":
      return (
        <Notice kind="good">
          {steps.length === 1 && first?.outcome?.asPlanned === false
            ? "Done, but it is not quite as planned: compare what was found."
            : "Done, and found as planned when it was read back."}
        </Notice>
      );
    case "partial":
      return (
        <Notice kind="partial">
          Some steps are done and some are not: each says which. What is missing can be planned again.
        </Notice>
      );
    case "refused":
      return (
        <Notice kind="partial">
          Nothing was changed. The reason stands below; plan it again once it is out of the way.
        </Notice>
      );
    case "unknown":
      return (
        <Notice kind="partial">
          Nobody knows yet whether it happened: no answer came, and looking did not settle it. Look again before you
          plan anything like it; looking sends nothing.
        </Notice>
      );
    case "declined":
      return <Notice kind="note">It was called off. Nothing was sent, and nothing was changed.</Notice>;
    case "expired":
      return (
        <Notice kind="note">
          It was not carried out before {formatInstant(expiresAt)}, and never will be. Nothing was sent.{" "}
          {plannedBy.through === "dashboard" || isHeld
            ? "If it is still wanted, plan it again."
            : `If it is still wanted, ask ${WHO[plannedBy.through]} again, or plan it here yourself.`}
        </Notice>
      );
  }
}

const WHO = {
  assistant: "the assistant",
  program: "the program",
  terminal: "the terminal",
  dashboard: "the page",
} as const;

function Decide({ change, onCarrying, onClose, onAgain }: CourseProps & { onCarrying: (isCarrying: boolean) => void }) {
  const { id, state, steps, expiresAt } = change;
  const { may } = useMe();
  const approve = useOrder("approveChange");
  const decline = useOrder("declineChange");
  const execute = useOrder("executeChange");
  const look = useOrder("lookUpChange");
  const [thrown, setThrown] = useState<unknown>(null);
  const [busy, setBusy] = useState<"yes" | "no" | "look" | "again" | null>(null);
  const remaining = useRemaining(expiresAt);
  const held = heldFor(id);
  const isOpen = state === "planned" || state === "approved";
  // What is made and stays harms nothing that is there.
  const isHarmful = steps.some(({ isReversible, before }) => !isReversible && before !== null);

  const doing = async (what: typeof busy, work: () => Promise<unknown>) => {
    setBusy(what);
    setThrown(null);
    try {
      await work();
    } catch (failure) {
      setThrown(failure);
    } finally {
      setBusy(null);
    }
  };
  const carryOut = async () => {
    onCarrying(held !== undefined);
    await doing("yes", async () => {
      if (state === "planned") await approve.mutateAsync({ id });
      if (held === undefined) return;
      await execute.mutateAsync({ ...held.order, confirmation: held.confirmation });
      letGo(id);
    });
    onCarrying(false);
  };
  const isUnsettled =
    state === "unknown" ||
    (state === "partial" && steps.some((step) => step.state === "unknown")) ||
    (state === "executing" && isLong(change));
  const isOver = STATES[state].group !== "waiting" && state !== "done";

  return (
    <>
      {thrown !== null && <ErrorBox thrown={thrown} means="What became of it stands above, as far as it is known." />}
      <div className="change-decide no-print">
        {isOpen && <Countdown remaining={remaining} />}
        {isOpen && (
          <Button
            variant="default"
            loading={busy === "no"}
            disabled={busy !== null || remaining === 0}
            onClick={() => void doing("no", () => decline.mutateAsync({ id }))}
          >
            {held === undefined && state === "planned" ? "Decline" : "Call it off"}
          </Button>
        )}
        {isOpen && (state === "planned" || held !== undefined) && (
          <Button
            color={isHarmful ? "red" : "blue"}
            loading={busy === "yes"}
            disabled={busy !== null || remaining === 0}
            onClick={() => void carryOut()}
          >
            {held === undefined ? "Approve" : state === "planned" ? "Approve and carry out" : "Carry it out"}
          </Button>
        )}
        {isUnsettled && (
          <Button
            loading={busy === "look"}
            disabled={busy !== null}
            onClick={() => void doing("look", () => look.mutateAsync({ id }))}
          >
            Look again
          </Button>
        )}
        {onClose !== undefined && !isOpen && (
          <Button variant={isOver ? "default" : "filled"} onClick={onClose} data-autofocus>
            Close
          </Button>
        )}
        {isOver && state !== "unknown" && onAgain !== undefined && may("manage") && (
          <Button loading={busy === "again"} disabled={busy !== null} onClick={() => void doing("again", onAgain)}>
            Plan it again
          </Button>
        )}
      </div>
    </>
  );
}

/** As long as sending and looking take at most: what is still under way then was cut off. */
const CUT_OFF_MS = 3 * 60_000;

function isLong({ startedAt }: Change): boolean {
  return startedAt !== null && serverNow() - Date.parse(startedAt) >= CUT_OFF_MS;
}
