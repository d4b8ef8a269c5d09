interface Outcome {
  readonly text: string;
  readonly tone: "good" | "attention" | "bad" | undefined;
}

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  complete: { text: "Complete", tone: "good" },
  partial: { text: "In part", tone: "attention" },
  credential: { text: "Key refused", tone: "bad" },
  cancelled: { text: "Stopped", tone: "attention" },
};

/** How a run ended, in words. */
export function outcomeOf(outcome: string): Outcome {
  return OUTCOMES[outcome] ?? { text: outcome, tone: undefined };
}
