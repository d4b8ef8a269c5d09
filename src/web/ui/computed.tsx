import { ActionIcon, Popover } from "@mantine/core";
import { CircleHelp } from "lucide-react";
import { useState } from "react";

import { useAnswer } from "../client/index.ts";

/** How a figure is computed, in a sentence and as a formula. */
export interface Formula {
  readonly title: string;
  readonly description: string;
  readonly formula: string;
}

/** "How is this computed": what a metric means, its formula and where it was read. */
export function Computed({
  metrics,
  formulas = [],
  source = [],
}: {
  metrics: readonly string[];
  /** Of figures that are no metric of their own. */
  formulas?: readonly Formula[];
  source?: readonly string[];
}) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} width={360} position="bottom-end" withinPortal trapFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label="How is this computed"
          title="How is this computed"
          onClick={() => setOpened((was) => !was)}
        >
          <CircleHelp size={15} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="computed" tabIndex={-1} data-autofocus>
          {opened && metrics.length > 0 && <FormulasOf metrics={metrics} />}
          {formulas.map((one) => (
            <FormulaText key={one.title} {...one} />
          ))}
          {source.length > 0 && (
            <p className="small quiet">Read from {source.map((one) => one.replaceAll("_", " ")).join(", ")}.</p>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function FormulasOf({ metrics }: { metrics: readonly string[] }) {
  const { data, isError } = useAnswer("describeMetrics", {});
  if (isError) return <p>The description cannot be read now.</p>;
  return data?.metrics.filter(({ id }) => metrics.includes(id)).map((one) => <FormulaText key={one.id} {...one} />);
}

function FormulaText({ title, description, formula }: Formula) {
  return (
    <div>
      <h3>{title}</h3>
      <p>{description}</p>
      <p className="formula">{formula}</p>
    </div>
  );
}
