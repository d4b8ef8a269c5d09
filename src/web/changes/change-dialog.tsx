import { useEffect, useRef, useState } from "react";

import { ErrorBox, Skeleton } from "../ui/index.ts";
import type { Wanted } from "./actions.ts";
import { ChangeCourse, useChange } from "./change-course.tsx";
import "./changes.css";
import type { Order } from "./held.ts";
import { usePlan } from "./use-plan.ts";
import { WantedForm } from "./wanted-form.tsx";
import { STATES, type Change } from "./words.ts";
import { Dialog } from "../ui/dialog.tsx";

/** Changes something at Anthropic, in two steps: what is wanted, then the dry run, which a person approves. */
export function ChangeDialog({ wanted, onClose }: { wanted: Wanted; onClose: () => void }) {
  const { plan, problem, isPending, reset } = usePlan();
  const [planned, setPlanned] = useState<Change | null>(null);
  const [order, setOrder] = useState<Order | null>(null);
  const dryRun = async (next: Order) => {
    setOrder(next);
    setPlanned(await plan(next));
  };
  // What asks for nothing more is looked at at once; once, however often React mounts it.
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || wanted.fields.length > 0) return;
    begun.current = true;
    void dryRun(wanted.orderOf({})).catch(() => undefined);
  });
  const again = order === null ? undefined : () => dryRun(order);
  return (
    <Dialog
      onClose={onClose}
      size="46rem"
      title={wanted.title}
      // What was decided is not lost by a click beside it.
      closeOnClickOutside={false}
    >
      {planned !== null ? (
        <Course key={planned.id} planned={planned} onClose={onClose} onAgain={again} />
      ) : wanted.fields.length > 0 ? (
        <WantedForm
          wanted={wanted}
          problem={problem}
          busy={isPending}
          onChange={reset}
          onWanted={(next) => void dryRun(next).catch(() => undefined)}
        />
      ) : problem === null ? (
        <div role="status" aria-busy>
          <p className="quiet">Anthropic is asked how it is now. Nothing is sent that changes anything.</p>
          <Skeleton height={220} />
        </div>
      ) : (
        <ErrorBox thrown={problem} means="Nothing was changed." />
      )}
    </Dialog>
  );
}

function Course({
  planned,
  ...rest
}: {
  planned: Change;
  onClose: () => void;
  onAgain: (() => Promise<unknown>) | undefined;
}) {
  const { change = planned } = useChange(planned.id);
  return (
    <>
      <p className="visually-hidden" role="status">
        {STATES[change.state].label}
      </p>
      <ChangeCourse change={change} {...rest} />
    </>
  );
}
