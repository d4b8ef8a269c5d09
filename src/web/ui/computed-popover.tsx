import { Popover } from "@mantine/core";

import { useAnswer } from "../client/index.ts";
import { sourceNames } from "../format/index.ts";
import { ComputedButton, type ComputedProps, type Formula } from "./computed.tsx";
import type { OpensItself } from "./deferred.tsx";
import { useOpened } from "./use-opened.ts";

export function ComputedPopover({ metrics, formulas = [], source = [], opensItself }: ComputedProps & OpensItself) {
  const { button, opened, setOpened } = useOpened<HTMLButtonElement>(opensItself);
  return (
    <Popover opened={opened} onChange={setOpened} width={360} position="bottom-end" withinPortal trapFocus>
      <Popover.Target>
        <ComputedButton ref={button} onClick={() => setOpened(!opened)} />
      </Popover.Target>
      <Popover.Dropdown>
        <div className="computed" tabIndex={-1} data-autofocus>
          {opened && metrics.length > 0 && <FormulasOf metrics={metrics} />}
          {formulas.map((one) => (
            <FormulaText key={one.title} {...one} />
          ))}
          {source.length > 0 && <p className="small quiet">Read from: {sourceNames(source)}.</p>}
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
